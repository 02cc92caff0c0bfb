//! What a scene of several networks says: whose state speaks for the whole.

use crate::{sim::vocabulary::Word, slides::NetworkReport};

/// The states of a scene: those of the last network that has any, the most telling first.
///
/// A scene leads from what everybody knows to what it wants to show, left to right, so the last network has the last
/// word, and an earlier one speaks only while all after it are silent: that a server stopped counts where the peers
/// beside it must carry on without it. Nor does a network that is at its end speak for others that still run: not all
/// are done where one is.
#[must_use]
pub fn of_scene(networks: &[NetworkReport]) -> Vec<Word> {
    let over = networks.iter().all(|n| n.finished);
    let speak = networks.iter().rev().filter(|n| over || !n.finished);
    speak.map(|n| &n.states).find(|states| !states.is_empty()).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(states: &[Word]) -> NetworkReport {
        NetworkReport { states: states.to_vec(), ..NetworkReport::default() }
    }

    #[test]
    fn the_last_network_with_a_state_speaks() {
        assert_eq!(of_scene(&[network(&["a"]), network(&["b", "c"])]), ["b", "c"]);
        assert_eq!(of_scene(&[network(&["a"]), network(&[])]), ["a"]);
        assert_eq!(of_scene(&[network(&["a"]), network(&["b"]), network(&[])]), ["b"]);
        assert!(of_scene(&[network(&[]), network(&[])]).is_empty());
        assert!(of_scene(&[]).is_empty());
    }

    #[test]
    fn who_is_done_does_not_speak_for_who_is_not() {
        let done = NetworkReport { finished: true, ..network(&["all_done"]) };
        assert!(of_scene(&[done.clone(), network(&[])]).is_empty());
        assert_eq!(of_scene(&[done.clone(), network(&["server_stopped"])]), ["server_stopped"]);
        assert_eq!(of_scene(&[done.clone(), done]), ["all_done"]);
    }
}

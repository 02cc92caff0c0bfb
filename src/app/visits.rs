//! Notes visits in their log, if the settings name one: what is seen for how long, and what is done.

use super::{
    clock::{Clock, STEPS_PER_SECOND},
    exhibit::Exhibit,
    scene::Scenes,
};
use crate::kiosk::{
    idle::Phase,
    visits::{Entry, Visits},
};
use bevy::prelude::*;

/// The log.
#[derive(Resource, Debug)]
pub struct Log(pub Visits);

/// The visit under way, and what is on the wall.
#[derive(Debug, Default)]
pub struct Visit {
    /// Whether there is one.
    lasts: bool,
    /// The slide, and since which step it is on the wall for the visitor.
    slide: String,
    since: u64,
    /// The last touch.
    used: u64,
    /// The slide of the loop that played last.
    played: Option<String>,
}

impl Visit {
    /// What is to be noted of this step, if the wall was last used then and shows this slide, by itself or not.
    fn follow(&mut self, step: u64, used: Option<u64>, slide: &str, plays: bool) -> Vec<Entry> {
        let mut entries = Vec::new();
        let seen = |visit: &Self, until: u64| Entry::Seen {
            slide: visit.slide.clone(),
            milliseconds: until.saturating_sub(visit.since) * 1_000 / STEPS_PER_SECOND,
        };
        match used {
            Some(used) => {
                self.used = used;
                if !self.lasts {
                    entries.push(Entry::Began { interrupted: self.played.take() });
                    (self.lasts, self.since) = (true, step);
                    slide.clone_into(&mut self.slide);
                } else if self.slide != slide {
                    entries.push(seen(self, step));
                    self.since = step;
                    slide.clone_into(&mut self.slide);
                }
            }
            None if self.lasts => {
                entries.push(seen(self, self.used));
                let since = step.saturating_sub(self.used) / STEPS_PER_SECOND;
                entries.push(Entry::Ended { slide: self.slide.clone(), since });
                self.lasts = false;
            }
            None => {}
        }
        if !self.lasts {
            self.played = plays.then(|| slide.to_owned());
        }
        entries
    }
}

/// Follows what happens on the wall.
pub fn note(
    log: Option<Res<Log>>,
    exhibit: Res<Exhibit>,
    clock: Res<Clock>,
    mut scenes: ResMut<Scenes>,
    mut visit: Local<Visit>,
) {
    let done = scenes.take_done();
    let Some(log) = log else { return };
    let slide = exhibit.deck.way(exhibit.state.at);
    // Who opened it at a slide is no visitor yet.
    let used = exhibit.kiosk.idle.used().filter(|step| *step > 0);
    let plays = matches!(exhibit.kiosk.idle.phase(), Phase::Attract { .. });
    for entry in visit.follow(clock.step, used, &slide, plays) {
        log.0.note(entry);
    }
    if visit.lasts {
        for did in done {
            log.0.note(Entry::Done { slide: slide.clone(), did });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_interrupts_the_loop_turns_pages_and_ends_with_its_last_touch() {
        let mut visit = Visit::default();
        assert_eq!(visit.follow(60, None, "history/arpanet", true), []);
        let began = Entry::Began { interrupted: Some("history/arpanet".into()) };
        assert_eq!(visit.follow(600, Some(600), "history/arpanet", false), [began]);
        assert_eq!(visit.follow(700, Some(600), "history/arpanet", false), []);
        let seen = |slide: &str, milliseconds| Entry::Seen { slide: slide.into(), milliseconds };
        assert_eq!(visit.follow(900, Some(900), "history/dns", false), [seen("history/arpanet", 5_000)]);
        // The wall is reset long after the last touch, and shows its first slide at once.
        let ended = Entry::Ended { slide: "history/dns".into(), since: 80 };
        assert_eq!(visit.follow(900 + 4_800, None, "welcome/start", true), [seen("history/dns", 0), ended]);
        let began = Entry::Began { interrupted: Some("welcome/start".into()) };
        assert_eq!(visit.follow(9_000, Some(9_000), "welcome/start", false), [began]);
    }
}

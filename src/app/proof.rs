//! A deck that is not the one built in is proofread behind its first slide: what is seen comes first.

use super::exhibit::Exhibit;
use crate::{
    deck::{Deck, check::faults, place::Finding},
    ink::gpu::FramesPresented,
};
use bevy::{
    prelude::*,
    winit::{EventLoopProxyWrapper, WinitUserEvent},
};
use std::{
    sync::{Arc, OnceLock},
    thread,
};

/// A deck that is being proofread, and what is found in it.
#[derive(Debug)]
struct Proof {
    deck: Arc<Deck>,
    found: Arc<OnceLock<Vec<Finding>>>,
}

impl Proof {
    /// Reads on a thread of its own, and wakes the window when it is through.
    fn begin(deck: Arc<Deck>, window: Option<&EventLoopProxyWrapper>) -> Self {
        let found = Arc::new(OnceLock::new());
        let proof = Self { deck: deck.clone(), found: found.clone() };
        let window = window.map(|window| (**window).clone());
        thread::spawn(move || {
            found.get_or_init(|| faults(&deck));
            if let Some(window) = window {
                // A loop that is over needs no waking.
                let _over = window.send_event(WinitUserEvent::WakeUp);
            }
        });
        proof
    }
}

/// Whether somebody waits for a proof.
#[derive(Resource, Default, Debug)]
pub struct Proofs(Option<Proof>);

/// Begins once the first frame stands; a deck that was saved meanwhile is read anew. A deck that `check` would refuse
/// stays on the wall, as far as it goes, and the panel says what is wrong.
pub fn proofread(
    mut commands: Commands,
    mut proofs: ResMut<Proofs>,
    mut exhibit: ResMut<Exhibit>,
    frames: Res<FramesPresented>,
    window: Option<Res<EventLoopProxyWrapper>>,
) {
    if frames.get() == 0 {
        return;
    }
    let Some(proof) = &proofs.0 else {
        proofs.0 = Some(Proof::begin(exhibit.deck.clone(), window.as_deref()));
        return;
    };
    let Some(found) = proof.found.get() else { return };
    if !Arc::ptr_eq(&proof.deck, &exhibit.deck) {
        proofs.0 = None;
        return;
    }
    if !found.is_empty() {
        exhibit.refuse_deck(found.clone());
    }
    commands.remove_resource::<Proofs>();
}

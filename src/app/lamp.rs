//! The lamp: when the wall is lit, how brightly, and how its picture wanders so that nothing burns in.
//!
//! Out of hours the wall is black: nothing is drawn, nothing runs, no touch is heard. When the hours begin it plays as
//! after a start. This is the one place that asks the wall clock, and it asks again and again, so that a clock that is set
//! or jumps is followed within seconds.

use super::{
    clock::{Clock, STEPS_PER_SECOND},
    exhibit::Exhibit,
    hands::Hands,
    tape::{FULL, Player},
};
use crate::{
    ink::gpu::Wall,
    kiosk::hours::{Hours, zone},
};
use bevy::prelude::*;
use jiff::{Timestamp, civil::DateTime};

/// The wall clock is asked every so many steps: ten seconds.
const LOOK: u64 = 10 * STEPS_PER_SECOND;

/// The picture takes a step of a pixel this often: once a minute.
const WANDER: u64 = 60 * STEPS_PER_SECOND;

/// Hours, brightness and wandering.
#[derive(Resource, Debug)]
pub struct Lamp {
    hours: Hours,
    shift: u32,
    /// The time at the exhibit's place.
    pub clock: fn() -> DateTime,
    /// When it looks next, in steps.
    next: u64,
    /// How bright the wall is, in percent; at 0 it is dark.
    pub light: u8,
    /// What staff ordered, lit or dark, and what the hours said then: it holds until they say otherwise.
    ordered: Option<(bool, bool)>,
}

impl Lamp {
    /// A lamp that keeps these hours, over a picture that wanders so many pixels either way.
    #[must_use]
    pub fn new(hours: Hours, shift: u32) -> Self {
        Self { hours, shift, clock: at_this_place, next: 0, light: FULL, ordered: None }
    }

    /// Lights the wall or darkens it now, whatever the hours say, until they next change.
    pub fn order(&mut self, lit: bool) {
        self.ordered = Some((lit, self.hours.are_open((self.clock)())));
        self.next = 0;
    }

    /// The step at which it looks at the clock again.
    #[must_use]
    pub fn next_wake(&self) -> u64 {
        self.next
    }

    fn is_lit(&mut self, now: DateTime) -> bool {
        let open = self.hours.are_open(now);
        self.ordered = self.ordered.filter(|(_, then)| *then == open);
        self.ordered.map_or(open, |(lit, _)| lit)
    }
}

/// The wall clock, in the zone of this machine.
fn at_this_place() -> DateTime {
    zone().to_datetime(Timestamp::now())
}

/// Where the picture stands after so many minutes: it walks to and fro in both directions, in two rhythms, so that it
/// comes by every place.
#[must_use]
pub fn wander(minutes: u64, most: u32) -> [i16; 2] {
    let most = u64::from(most);
    let walk = |period: u64| {
        let at = (minutes + most) % period.max(1);
        let there = at.min(period - at).min(2 * most);
        there as i16 - most as i16
    };
    if most == 0 { [0; 2] } else { [walk(4 * most), walk(4 * most + 2)] }
}

/// Looks at the clock now and then, and does what it says.
pub fn tend(
    mut lamp: ResMut<Lamp>,
    clock: Res<Clock>,
    mut exhibit: ResMut<Exhibit>,
    mut wall: ResMut<Wall>,
    mut hands: ResMut<Hands>,
    player: Option<Res<Player>>,
) {
    let played = player.as_ref().and_then(|player| player.light());
    if clock.step < lamp.next && played.is_none() {
        return;
    }
    lamp.next = clock.step + LOOK;
    let now = (lamp.clock)();
    // A wall that is played again is as bright as it was, whatever the time is now.
    lamp.light = match (&player, lamp.is_lit(now)) {
        (Some(_), _) => played.unwrap_or(lamp.light),
        (None, true) => lamp.hours.brightness(now),
        (None, false) => 0,
    };
    let lit = lamp.light > 0;
    if lit == exhibit.dark {
        info!("{}", if lit { "lit" } else { "dark" });
        exhibit.dark = !lit;
        exhibit.asking = None;
        exhibit.kiosk.playing = None;
        hands.let_go(&mut exhibit.kiosk.idle, clock.step);
        exhibit.reset(clock.step);
        exhibit.kiosk.idle.begin_again(clock.step);
    }
    // Half as bright to the eye is a fifth of the light.
    let share = f32::from(lamp.light) / 100.0;
    // A picture that nobody sees stays where it is: to wander is to be drawn.
    let wander = if lit { wander(clock.step / WANDER, lamp.shift) } else { wall.wander };
    let light = libm::powf(share, 2.2);
    if (wall.light, wall.wander) != (light, wander) {
        (wall.light, wall.wander) = (light, wander);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_picture_wanders_a_pixel_at_a_time_over_all_its_places() {
        for most in [1, 2, 4] {
            let places: Vec<_> = (0..4_000).map(|minute| wander(minute, most)).collect();
            let far = places.windows(2).map(|p| (0..2).map(|i| (p[1][i] - p[0][i]).abs()).max().unwrap_or(0));
            assert!(far.max() <= Some(1), "it jumps");
            let most = most as i16;
            assert!(places.iter().flatten().all(|at| at.abs() <= most));
            let seen: BTreeSet<_> = places.iter().map(|[x, y]| (*x, *y)).collect();
            assert!(seen.len() > (2 * most as usize + 1).pow(2) / 2, "half of all places, as on a chessboard");
        }
        assert_eq!(wander(77, 0), [0; 2]);
    }
}

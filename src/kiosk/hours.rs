//! Opening hours: when the wall is lit, and how brightly. The one place where the wall clock counts.
//!
//! What holds is asked anew each time, of the day and time of day alone, so that nothing is lost when the clock is set: a
//! summer time that begins, a day that is skipped, an hour that comes twice. A clock that stands before this program was
//! written can't be right, and a dark wall is worse than one that is lit at night: then it is open.
//!
//! ```
//! use jiff::civil::date;
//! use peerscape::kiosk::hours::{Hours, Span};
//!
//! let mut hours = Hours::default();
//! assert!(hours.are_open(date(2026, 11, 27).at(3, 0, 0, 0)), "nobody has said when it closes");
//! hours.set("friday", vec![Span::parse("18:00-02:00").expect("a span")]).expect("a day");
//! assert!(hours.are_open(date(2026, 11, 27).at(23, 0, 0, 0)));
//! assert!(hours.are_open(date(2026, 11, 28).at(1, 59, 0, 0)), "Friday's evening lasts until two");
//! assert!(!hours.are_open(date(2026, 11, 28).at(2, 0, 0, 0)));
//! ```

use jiff::{
    civil::{DateTime, Time},
    tz::TimeZone,
};
use std::{cmp::Ordering, collections::BTreeMap, env, fs};

/// The days, as settings name them, Monday first.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// No wall clock that stands before this year is right.
const FIRST_YEAR: i16 = 2026;

/// Where a machine keeps its zones.
const ZONES: &str = "/usr/share/zoneinfo";

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// The zone of this machine: what `TZ` says, in POSIX's way or by a name, or else `/etc/localtime`; without either,
/// Greenwich. (Asking the library for it would read every zone there is, and a wall at rest has better things to do.)
#[must_use]
pub fn zone() -> TimeZone {
    let file = |path: &str| fs::read(path).ok().and_then(|data| TimeZone::tzif("", &data).ok());
    let named = env::var("TZ").ok().filter(|name| !name.is_empty()).and_then(|name| {
        let name = name.trim_start_matches(':');
        file(&format!("{ZONES}/{name}")).or_else(|| TimeZone::posix(name).ok())
    });
    named.or_else(|| file("/etc/localtime")).unwrap_or(TimeZone::UTC)
}

/// A time of day in minutes since midnight, up to 24:00.
///
/// # Errors
/// What would be right.
pub fn minutes(text: &str) -> Result<u16, String> {
    let wrong = || format!("`{text}` is no time of day: it is written `09:00`, from `00:00` to `24:00`");
    let (hours, minutes) = text.trim().split_once(':').ok_or_else(wrong)?;
    let number = |digits: &str| {
        let right = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        right.then(|| digits.parse::<u16>().ok()).flatten().ok_or_else(wrong)
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let all = hours * 60 + minutes;
    if minutes < 60 && all <= DAY { Ok(all) } else { Err(wrong()) }
}

/// From when to when the wall is lit, in minutes since midnight; one that ends before it begins ends the day after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    from: u16,
    to: u16,
}

impl Span {
    /// `09:00-17:00`.
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no span: it is written `09:00-17:00`");
        let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let (from, to) = (minutes(from)?, minutes(to)?);
        if from == to || from == DAY {
            return Err(format!("`{text}` has no length; a whole day is `00:00-24:00`"));
        }
        Ok(Self { from, to })
    }

    /// Whether a minute of its own day lies in it, or one of the day after.
    fn holds(self, minute: u16, day_after: bool) -> bool {
        match (self.to.cmp(&self.from), day_after) {
            (Ordering::Less, true) => minute < self.to,
            (Ordering::Less, false) => minute >= self.from,
            (_, after) => !after && (self.from..self.to).contains(&minute),
        }
    }
}

/// When the wall is lit, and how brightly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// The spans of each day, Monday first; a wall of which nothing is said is always open.
    spans: [Vec<Span>; 7],
    said: bool,
    /// From which minute of the day on it is how bright, in percent.
    brightness: BTreeMap<u16, u8>,
}

impl Hours {
    /// Sets the spans of a day. As soon as one day is set, the others are closed until they are.
    ///
    /// # Errors
    /// There is no such day.
    pub fn set(&mut self, day: &str, spans: Vec<Span>) -> Result<(), String> {
        let index = DAYS.iter().position(|name| *name == day).ok_or_else(|| {
            let days = DAYS.map(|day| format!("`{day}`")).join(", ");
            format!("there is no day called `{day}`; there is {days}")
        })?;
        self.spans[index] = spans;
        self.said = true;
        Ok(())
    }

    /// The same without any spans: always open.
    #[must_use]
    pub fn without_spans(&self) -> Self {
        Self { brightness: self.brightness.clone(), ..Self::default() }
    }

    /// The same without any brightness: always as bright as can be.
    #[must_use]
    pub fn without_brightness(&self) -> Self {
        Self { brightness: BTreeMap::new(), ..self.clone() }
    }

    /// From a time of day on the wall is so bright, until the next such time.
    pub fn set_brightness(&mut self, from: u16, percent: u8) {
        self.brightness.insert(from % DAY, percent);
    }

    /// Whether a clock that shows this can be believed.
    #[must_use]
    pub fn believes(now: DateTime) -> bool {
        now.year() >= FIRST_YEAR
    }

    /// Whether the wall is lit at a moment of the place's own time.
    #[must_use]
    pub fn are_open(&self, now: DateTime) -> bool {
        if !self.said || !Self::believes(now) {
            return true;
        }
        let minute = minute_of(now.time());
        let today = now.weekday().to_monday_zero_offset() as usize;
        let yesterday = (today + 6) % 7;
        self.spans[today].iter().any(|span| span.holds(minute, false))
            || self.spans[yesterday].iter().any(|span| span.holds(minute, true))
    }

    /// How bright the wall is at a moment, in percent.
    #[must_use]
    pub fn brightness(&self, now: DateTime) -> u8 {
        if !Self::believes(now) {
            return 100;
        }
        let latest = self.brightness.range(..=minute_of(now.time())).next_back();
        // Before the day's first time holds what held at the end of the day before.
        latest.or_else(|| self.brightness.iter().next_back()).map_or(100, |(_, percent)| *percent)
    }
}

fn minute_of(time: Time) -> u16 {
    u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{Timestamp, civil::date};

    fn nine_to_five() -> Hours {
        let mut hours = Hours::default();
        for day in &DAYS[..5] {
            hours.set(day, vec![Span::parse("09:00-17:00").expect("a span")]).expect("a day");
        }
        hours
    }

    #[test]
    fn opens_and_closes_on_the_minute_and_not_at_weekends() {
        let hours = nine_to_five();
        let at = |day, hour, minute| hours.are_open(date(2026, 11, day).at(hour, minute, 0, 0));
        assert_eq!([at(27, 8, 59), at(27, 9, 0), at(27, 16, 59), at(27, 17, 0)], [false, true, true, false]);
        assert!(!at(28, 12, 0) && !at(29, 12, 0) && at(30, 12, 0), "Saturday, Sunday, Monday");
    }

    #[test]
    fn hours_that_come_twice_or_never_are_lit_as_the_clock_on_the_wall_says() {
        // Central Europe, where clocks go forward at 2:00 on 28 March 2027 and back at 3:00 on 31 October 2027.
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone");
        for (span, day, lit) in
            [("02:30-06:00", (3, 28), 180), ("01:30-02:30", (10, 31), 90), ("23:00-04:00", (10, 30), 360)]
        {
            let mut hours = Hours::default();
            hours.set("saturday", vec![]).expect("a day");
            let name = if day.1 == 30 { "saturday" } else { "sunday" };
            hours.set(name, vec![Span::parse(span).expect("a span")]).expect("a day");
            let noon = zone.to_timestamp(date(2027, day.0, day.1).at(12, 0, 0, 0)).expect("noon");
            let minutes = (-14 * 60..18 * 60).filter(|minute| {
                let moment = Timestamp::from_second(noon.as_second() + minute * 60).expect("in range");
                hours.are_open(zone.to_datetime(moment))
            });
            assert_eq!(minutes.count(), lit, "{span} on {day:?}");
        }
    }

    #[test]
    fn a_clock_that_can_not_be_right_leaves_the_wall_open_and_bright() {
        let mut hours = nine_to_five();
        hours.set_brightness(0, 20);
        let start_of_unix = date(1970, 1, 1).at(0, 0, 7, 0);
        assert!(hours.are_open(start_of_unix));
        assert_eq!(hours.brightness(start_of_unix), 100);
    }

    #[test]
    fn brightness_holds_until_the_next_time_and_over_midnight() {
        let mut hours = Hours::default();
        let at = |hours: &Hours, hour| hours.brightness(date(2026, 11, 27).at(hour, 0, 0, 0));
        assert_eq!(at(&hours, 3), 100);
        hours.set_brightness(8 * 60, 100);
        hours.set_brightness(20 * 60, 40);
        assert_eq!([at(&hours, 3), at(&hours, 8), at(&hours, 19), at(&hours, 20)], [40, 100, 100, 40]);
    }

    #[test]
    fn what_is_no_time_or_span_is_told_what_would_be_right() {
        for wrong in ["9", "25:00", "09:60", "24:01", "x:y", "-1:00", "009:00", "09:00-", "17:00-17:00", "09.00-17.00"]
        {
            assert!(Span::parse(wrong).is_err() && minutes(wrong).is_err(), "{wrong}");
        }
        assert!(Span::parse("00:00-24:00").expect("a day").holds(DAY - 1, false));
        assert!(Hours::default().set("Monday", vec![]).expect_err("lower case").contains("`monday`"));
    }
}

//! The technician's journey: settings, health, status, visits; and the wall out of hours.

use crate::{
    exhibit::command,
    journey::{FULL_HD, Journey, colour},
    keys::Key,
    patience::{PATIENCE, ask_until},
    picture::{Picture, Region},
    screen::scratch,
};
use peerscape::{
    ink::{look, sheet::Ink, turn::Turn},
    kiosk::{health::Status, pin::PinHash},
};
use std::{
    cell::RefCell,
    fs,
    io::Write as _,
    os::unix::net::UnixDatagram,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// A slide with a server to stop.
const LIVE: &str = "side-by-side/live";
/// It stands in the middle of the left network.
const SERVER: [f32; 2] = [560.0, 548.0];
/// A watchdog that a test can wait for.
const WATCHDOG: Duration = Duration::from_secs(4);

/// What systemd hears.
struct Systemd {
    socket: UnixDatagram,
    path: PathBuf,
    heard: RefCell<Vec<String>>,
}

impl Systemd {
    fn listen(folder: &Path) -> Self {
        let path = folder.join("notify");
        let socket = UnixDatagram::bind(&path).expect("a socket in the temporary folder");
        Self { socket, path, heard: RefCell::default() }
    }

    /// Whether it hears these words within a time.
    fn hears(&self, words: &str, within: Duration) -> bool {
        let end = std::time::Instant::now() + within;
        let mut buffer = [0; 4096];
        loop {
            let left = end.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() {
                return false;
            }
            self.socket.set_read_timeout(Some(left)).expect("a time to wait");
            let Ok(length) = self.socket.recv(&mut buffer) else { return false };
            let said = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let found = said.lines().any(|line| line == words);
            self.heard.borrow_mut().push(said);
            if found {
                return true;
            }
        }
    }
}

/// Runs a command of the technician's; what it prints, and whether it went well.
pub fn staff(words: &[&str]) -> (String, bool) {
    let out = command(words).output().expect("the binary runs");
    let said = [out.stdout, out.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), out.status.success())
}

pub fn status(socket: &str) -> Status {
    let (said, well) = staff(&["status", "--socket", socket, "--json"]);
    assert!(well, "{said}");
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// A text of a path in the temporary folder.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("the temporary folder has a plain name")
}

/// A picture that a command saved.
fn read(path: &Path) -> Picture {
    let file = std::io::BufReader::new(fs::File::open(path).expect("the picture was saved"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it fits into memory")];
    let info = reader.next_frame(&mut pixels).expect("whole");
    let bgrx: Vec<u8> = pixels.chunks_exact(3).flat_map(|p| [p[2], p[1], p[0], 0]).collect();
    Picture::from_bgrx(info.width as usize, info.height as usize, &bgrx)
}

/// A file of settings with a mistake in it, a visitor who stops a server and leaves, and what the technician is told.
#[test]
fn a_technician_sets_the_wall_up_and_asks_how_it_is() {
    let folder = scratch("staff");
    let systemd = Systemd::listen(&folder);
    let [config, socket, visits, shot] = ["hall.ron", "status", "visits.db", "wall.png"].map(|name| folder.join(name));
    let settings = r#"(look: "paper", idle: 8, txt: 120, visits: "visits.db", status: "status", attract: false)"#;
    fs::write(&config, settings).expect("written");

    // What is wrong is told before anything opens.
    let (said, well) = staff(&["check", "--config", text(&config)]);
    assert!(!well && said.contains(":1:26: There is no setting called `txt`.") && said.contains("`text`"), "{said}");
    let (said, well) = staff(&["status", "--socket", text(&socket)]);
    assert!(!well && said.contains("no exhibit answers"), "{said}");

    let watchdog = WATCHDOG.as_micros().to_string();
    let environment = [("NOTIFY_SOCKET", text(&systemd.path)), ("WATCHDOG_USEC", &watchdog), ("WATCHDOG_PID", "1")];
    let j = Journey::begin_where("staff", FULL_HD, &["--config", text(&config), "--at", LIVE], &environment);
    assert!(systemd.hears("READY=1", PATIENCE), "systemd hears that the wall is up");
    j.wall.hear(j.wall.beginning(), "setting refused");
    let paper = colour("paper", Ink::Ground);
    j.see("the look of the settings, though another one is wrong", |p| p.ink(paper, Region::ALL) > 0.3);
    for _ in 0..3 {
        assert!(systemd.hears("WATCHDOG=1", WATCHDOG), "the wall gives signs of life");
    }

    // A visitor stops the server, and goes.
    let mark = j.wall.mark();
    j.finger.tap(SERVER);
    j.wall.hear(mark, "deed stop");
    let shows = format!("STATUS={LIVE} (visit)");
    assert!(
        systemd.heard.borrow().iter().any(|said| said.trim() == shows),
        "systemd hears what the wall shows: {:?}",
        systemd.heard
    );

    let now = status(text(&socket));
    assert_eq!((now.slide.as_str(), now.state.as_str()), (LIVE, "visit"));
    assert!(now.warnings.iter().any(|warning| warning.contains("There is no setting called `txt`")), "{now:?}");
    assert!(now.frames_presented > 0 && now.memory_bytes > 10_000_000 && now.uptime_s < 600, "{now:?}");
    assert!(now.answered_ms < 3_000 && !now.adapter.is_empty() && now.deck == "built in", "{now:?}");
    let counted =
        || Some(staff(&["status", "--config", text(&config)]).0).filter(|said| said.contains("visits today  1"));
    let said = ask_until(PATIENCE, counted).expect("today's visit is counted");
    assert!(said.contains(LIVE), "{said}");
    let (said, well) = staff(&["status", "--socket", text(&socket), "--picture", text(&shot)]);
    assert!(well, "{said}");
    let picture = read(&shot);
    assert!(picture.ink(paper, Region::ALL) > 0.3 && picture.blankness(Region::ALL) < 0.95, "the wall's own picture");

    let mark = j.wall.mark();
    j.wall.hear_within(mark, "reset", Duration::from_secs(60));
    let told = || staff(&["visits", text(&visits), "--csv"]).0;
    let said = ask_until(PATIENCE, || Some(told()).filter(|said| said.contains("left,1"))).unwrap_or_else(told);
    for row in ["seen,1", "touched,1", "broken,1", "healed,0", "left,1"] {
        assert!(said.contains(&format!("slide,{LIVE},{row}\n")), "{row} is missing:\n{said}");
    }
    assert!(said.lines().any(|line| line.starts_with("day,") && line.ends_with(",visits,1")), "{said}");
    let (said, _) = staff(&["visits", text(&visits), "--since", "2999-01-01"]);
    assert!(said.starts_with("0 visits"), "{said}");
    drop(j);

    // A wall that was killed leaves its socket behind; the next one takes it over. This one stalls: it says so by silence.
    let mut environment = environment.to_vec();
    environment.push(("PEERSCAPE_STALL_AT", "240"));
    let j = Journey::begin_where("stalled", FULL_HD, &["--config", text(&config), "--at", LIVE], &environment);
    assert!(systemd.hears("READY=1", PATIENCE));
    let silent = ask_until(Duration::from_secs(30), || (!systemd.hears("WATCHDOG=1", WATCHDOG)).then_some(()));
    assert!(silent.is_some(), "a wall that stalls gives no signs of life");
    let now = status(text(&socket));
    assert!(now.answered_ms > 2_000, "and its socket tells for how long: {now:?}");
    drop(j);
    let _gone = fs::remove_dir_all(&folder);
}

/// Where the pad has its keys: three columns, four rows.
fn key(digit: char) -> [f32; 2] {
    let (x, y) = match digit.to_digit(10) {
        Some(0) => (1, 3),
        Some(digit) => ((digit - 1) % 3, (digit - 1) / 3),
        None => (2, 3),
    };
    [838.0 + 122.0 * x as f32, 523.0 + 122.0 * y as f32]
}

/// Taps on the corner where staff knocks.
fn knock(j: &Journey, taps: usize) {
    for _ in 0..taps {
        j.finger.tap([1890.0, 40.0]);
        // Five within three seconds, and never two in one frame of a slow machine.
        thread::sleep(Duration::from_millis(300));
    }
}

/// Where the pad shows a dot for each digit.
const DOTS: Region = Region(790.0, 412.0, 340.0, 48.0);

/// Types on the pad and sees each digit's dot; what is no digit is Enter.
fn enter(j: &Journey, pin: &str) {
    for digit in pin.chars() {
        let before = j.look_at();
        j.finger.tap(key(digit));
        if digit.is_ascii_digit() {
            j.see_change("a dot for the digit", &before, DOTS, 0.001);
        }
    }
}

/// The button of a row and column of the panel, found by its colour: how wide the panel is depends on what it says.
fn button(picture: &Picture, row: usize, column: usize) -> [f32; 2] {
    let y = [900, 982][row];
    let left = (0..1920).find(|x| picture.at(*x, y) == [52, 58, 68]).expect("the panel has buttons");
    [left as f32 + 110.0 + 236.0 * column as f32, y as f32]
}

/// The pad with its keys, and nothing typed: it has found its size.
fn pad(j: &Journey) {
    let [x, y] = key('5').map(|at| at as usize);
    j.see("the pad's keys", |p| p.at(x - 40, y - 40) == [52, 58, 68]);
    j.see_still(Region(790.0, 412.0, 340.0, 600.0));
}

/// The panel with its buttons, once it has found its size.
fn panel(j: &Journey) -> Picture {
    let has = |p: &Picture, y| (0..1920).any(|x| p.at(x, y) == [52, 58, 68]);
    j.see("the panel's buttons", |p| has(p, 900) && has(p, 982));
    // Above them it tells how long the wall has been up, and around it the wall may move.
    j.see_still(Region(620.0, 870.0, 680.0, 140.0))
}

/// Five taps and a PIN open the panel; a wrong PIN does not, and three lock the pad. What it offers is done.
#[test]
fn staff_opens_its_panel() {
    let folder = scratch("panel");
    let [config, socket, tape] = ["hall.ron", "status", "wall.tape"].map(|name| folder.join(name));
    // The hash, as the technician makes it.
    let mut pin = command(&["pin"]);
    pin.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut pin = pin.spawn().expect("the binary runs");
    pin.stdin.take().expect("a pipe").write_all(b"2580\n").expect("taken");
    let hash = String::from_utf8(pin.wait_with_output().expect("it ends").stdout).expect("text");
    let settings = format!(
        r#"(staff_pin: "{}", status: "status", idle: 600, screen: (height: 540, lower_edge: 900))"#,
        hash.trim()
    );
    fs::write(&config, settings).expect("written");
    let call = ["--config", text(&config), "--at", "welcome/looks", "--record", text(&tape)];
    let j = Journey::begin("panel", FULL_HD, &call);

    let before = j.see_still(Region::ALL);
    j.nothing("four taps", &["staff"], || knock(&j, 4));
    thread::sleep(Duration::from_secs(3));
    let mark = j.wall.mark();
    knock(&j, 5);
    j.wall.hear(mark, "staff knocked");
    j.see_change("the pad", &before, Region(700.0, 480.0, 520.0, 540.0), 0.3);
    pad(&j);

    let mark = j.wall.mark();
    enter(&j, "1111e");
    j.wall.hear(mark, "staff: a wrong PIN");
    pad(&j);
    let mark = j.wall.mark();
    enter(&j, "2580e");
    j.wall.hear(mark, "staff panel open");
    let shown = panel(&j);

    // Closed for today, and open again: the panel stays.
    let mark = j.wall.mark();
    j.finger.tap(button(&shown, 0, 1));
    j.wall.hear_where(mark, "dark", PATIENCE, str::is_empty);
    j.see("the wall is black around the panel", |p| p.ink([0, 0, 0], Region(0.0, 0.0, 300.0, 1080.0)) == 1.0);
    assert!(ask_until(PATIENCE, || (status(text(&socket)).state == "dark").then_some(())).is_some());
    let mark = j.wall.mark();
    j.finger.tap(button(&panel(&j), 0, 1));
    j.wall.hear_where(mark, "lit", PATIENCE, str::is_empty);

    // The deck is read anew.
    let mark = j.wall.mark();
    j.finger.tap(button(&panel(&j), 0, 0));
    j.wall.hear(mark, "staff: the deck is read anew");

    // Five targets, and how far off the touches are.
    let mark = j.wall.mark();
    j.finger.tap(button(&panel(&j), 0, 2));
    j.see("the page of targets", |p| p.ink([0, 0, 0], Region::ALL) > 0.9);
    // Each touch brings another page: a machine may be slow.
    let touch = |at| {
        let before = j.look_at();
        j.finger.tap(at);
        j.see_change("what comes after the touch", &before, Region::ALL, 0.0005);
    };
    for [x, y] in [[0.1, 0.1], [0.9, 0.1], [0.5, 0.5], [0.1, 0.9], [0.9, 0.9]] {
        touch([x * 1920.0 + 8.0, y * 1080.0]);
    }
    let said = j.wall.hear(mark, "staff: touches were at most");
    let off: f32 = said.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number");
    assert!(said.contains("mm") && (3.0..5.0).contains(&off), "8 pixels of half a millimetre are 4 mm: {said}");
    j.finger.tap([960.0, 540.0]);
    let shown = panel(&j);
    j.finger.tap(button(&shown, 0, 3));
    let white = j.see("a white picture", |p| p.ink([255, 255, 255], Region(0.0, 0.0, 1920.0, 900.0)) == 1.0);
    for _ in 0..7 {
        touch([960.0, 300.0]);
    }
    j.see_change("the panel after all test pictures", &white, Region::ALL, 0.5);

    // Three wrong ones lock the pad, for who comes after as well.
    let mark = j.wall.mark();
    j.finger.tap(button(&panel(&j), 1, 2));
    j.wall.hear(mark, "staff panel closed");
    let mark = j.wall.mark();
    knock(&j, 5);
    j.wall.hear(mark, "staff knocked");
    for _ in 0..3 {
        let mark = j.wall.mark();
        pad(&j);
        enter(&j, "1111e");
        j.wall.hear(mark, "staff: a wrong PIN");
    }
    j.nothing("the right PIN on a locked pad", &["staff panel open"], || {
        for digit in "2580e".chars() {
            j.finger.tap(key(digit));
            thread::sleep(Duration::from_millis(300));
        }
    });
    // What was written last is on the disk within a second.
    thread::sleep(Duration::from_millis(2_500));
    drop(j);

    // Closed and opened by staff, it is the same wall once more; what was done on the panel is none of the wall's.
    let replays = [(); 2].map(|()| staff(&["replay", text(&tape), "--fast"]));
    assert!(replays[0].1 && !replays[0].0.contains("meant something else"), "{}", replays[0].0);
    let state = |said: &str| said.lines().find(|line| line.starts_with("state ")).map(str::to_owned);
    assert!(state(&replays[0].0).is_some() && state(&replays[0].0) == state(&replays[1].0), "{replays:?}");
    let written = fs::read_to_string(&tape).expect("it is there");
    assert!(written.contains("{\"light\":0}") && written.contains("{\"light\":100}") && written.contains("let_go"));

    // Started anew from the panel, it is the same process with the same call.
    let mut j = Journey::begin("restart", FULL_HD, &["--config", text(&config), "--at", "welcome/looks"]);
    knock(&j, 5);
    pad(&j);
    enter(&j, "2580e");
    let shown = panel(&j);
    let mark = j.wall.mark();
    j.finger.tap(button(&shown, 1, 0));
    j.wall.hear(mark, "staff: restart");
    j.wall.hear_within(mark, "first frame after", Duration::from_secs(30));

    // Left from the panel, it is over, and whatever started it is told that nothing was wrong.
    knock(&j, 5);
    pad(&j);
    enter(&j, "2580e");
    let shown = panel(&j);
    let mark = j.wall.mark();
    j.finger.tap(button(&shown, 1, 1));
    j.wall.hear(mark, "staff: leave");
    assert!(j.wall.ended().success());
    let _gone = fs::remove_dir_all(&folder);
}

/// What came in is written down, and played again it is the same run, to the last pixel; another deck would be another run.
#[test]
fn a_fault_is_recorded_and_played_again() {
    let folder = scratch("tape");
    let [tape, shot] = ["wall.tape", "wall.png"].map(|name| folder.join(name));
    let j = Journey::begin("tape", FULL_HD, &["--at", LIVE, "--idle", "600", "--seed", "5", "--record", text(&tape)]);
    let mark = j.wall.mark();
    j.finger.tap(SERVER);
    j.wall.hear(mark, "deed stop");
    thread::sleep(Duration::from_secs(2));
    j.moves("a swipe", || j.finger.swipe([1880.0, 300.0], [1300.0, 300.0]));
    for key in [Key::Home, Key::Down, Key::Tab, Key::Sign('t')] {
        j.keys().press(key);
        thread::sleep(Duration::from_millis(600));
    }
    let place = j.wall.place().expect("it went somewhere");
    let last = j.see_still(Region::ALL);
    // What it wrote last is on the disk within a second, whatever ends it.
    thread::sleep(Duration::from_millis(2_500));
    drop(j);

    let replay = |more: &[&str]| staff(&[&["replay", text(&tape), "--fast"], more].concat());
    let (first, well) = replay(&["--picture", text(&shot)]);
    assert!(well && first.contains("state ") && !first.contains("meant something else"), "{first}");
    let (again, _) = replay(&[]);
    let state = |said: &str| said.lines().find(|line| line.starts_with("state ")).map(str::to_owned);
    assert_eq!(state(&first), state(&again), "the same tape, the same state");
    let differs = read(&shot).changed(&last, Region::ALL);
    assert!(differs < 0.0005, "the last picture at {place:?} differs in {differs} of its pixels");
    let (earlier, _) = replay(&["--until", "2"]);
    assert!(state(&earlier).is_some() && state(&earlier) != state(&first), "{earlier}");

    let other = folder.join("other.ron");
    fs::write(&other, crate::technician::ONE_SLIDE).expect("written");
    let (said, well) = replay(&["--deck", text(&other)]);
    assert!(!well && said.contains("was recorded by version"), "{said}");
    let whole = fs::read_to_string(&tape).expect("it is there");
    let older = whole.replacen(concat!("\"version\":\"", env!("CARGO_PKG_VERSION")), "\"version\":\"0.0.0", 1);
    assert_ne!(older, whole);
    fs::write(&tape, older).expect("written");
    let (said, well) = replay(&[]);
    assert!(!well && said.contains("was recorded by version 0.0.0"), "{said}");
    fs::write(&tape, "rubbish").expect("written");
    let (said, well) = replay(&[]);
    assert!(!well && said.contains("can't be played"), "{said}");
    let _gone = fs::remove_dir_all(&folder);
}

/// Out of hours the wall is black, presents nothing and hears nobody; half bright it is darker.
#[test]
fn out_of_hours_the_wall_is_dark() {
    let folder = scratch("hours");
    let [config, socket] = ["hall.ron", "status"].map(|name| folder.join(name));
    // Some day that is named, and never open.
    fs::write(&config, r#"(opening: {"monday": []}, status: "status")"#).expect("written");
    let j = Journey::begin("hours", FULL_HD, &["--config", text(&config)]);
    let black = j.see("a black wall", |p| p.ink([0, 0, 0], Region::ALL) == 1.0);
    thread::sleep(Duration::from_secs(2));
    let frames = j.wall.frames();
    j.nothing("a touch in the dark", &["wake", "slide", "deed"], || j.finger.tap([960.0, 540.0]));
    thread::sleep(Duration::from_secs(2));
    assert_eq!(j.look_at().changed(&black, Region::ALL), 0.0);
    assert_eq!(j.wall.frames(), frames, "nothing is presented");
    assert_eq!(status(text(&socket)).state, "dark");
    drop(j);

    let bright = |percent: u32| {
        let brightness = format!(r#"(brightness: {{"00:00": {percent}}})"#);
        fs::write(&config, brightness).expect("written");
        let j = Journey::begin(
            "dimmed",
            FULL_HD,
            &["--config", text(&config), "--at", "welcome/looks", "--look", look::NAMES[1]],
        );
        j.see_still(Region::ALL).luminance(Region::ALL)
    };
    let (full, half) = (bright(100), bright(50));
    assert!((0.15..0.3).contains(&(half / full)), "half as bright to the eye is a fifth of the light: {}", half / full);
    let _gone = fs::remove_dir_all(&folder);
}

/// Where the pad lies on a picture that is upright: as far from the middle and from the lower edge as on one that lies.
const UPRIGHT_PAD: Region = Region(370.0, 1252.0, 340.0, 600.0);
const UPRIGHT_DOTS: Region = Region(370.0, 1252.0, 340.0, 48.0);

/// A screen that hangs upright, to a machine that takes it for one that lies: the same picture as on one that is upright, and
/// a finger touches what it sees; the staff's panel too.
#[test]
fn a_screen_that_hangs_upright_is_turned() {
    let folder = scratch("turned");
    let config = folder.join("hall.ron");
    let hash = PinHash::of("2580").expect("a PIN");
    let opened = |name, degrees: u32, size| {
        let settings =
            format!("(rotation: {degrees}, pixel_shift: 0, attract: false, staff_pin: \"{}\")", hash.as_str());
        fs::write(&config, settings).expect("written");
        Journey::begin(name, size, &["--config", text(&config), "--at", "welcome/looks", "--idle", "600"])
    };
    // What lies where on the glass, seen from before it: the picture, then the pad after five taps on the corner.
    let seen = |j: &Journey, turn: Turn| {
        let glass = |at| turn.to_glass(at, [1080.0, 1920.0]);
        let picture = j.see_still(Region::ALL).turned(turn);
        let mark = j.wall.mark();
        for _ in 0..5 {
            j.finger.tap(glass([1050.0, 40.0]));
            thread::sleep(Duration::from_millis(300));
        }
        j.wall.hear(mark, "staff knocked");
        let [x, y] = key('5').map(|at| at as usize);
        j.see("the pad's keys", |p| p.turned(turn).at(x - 460, y + 800) == [52, 58, 68]);
        (picture, j.see_still(Region::ALL).turned(turn))
    };
    let upright = seen(&opened("upright", 0, [1080, 1920]), Turn::default());
    for degrees in [90, 270] {
        let turn = Turn::by(degrees).expect("a quarter");
        let j = opened("turned", degrees, FULL_HD);
        let (picture, pad) = seen(&j, turn);
        let differs = picture.changed(&upright.0, Region(0.0, 0.0, 1080.0, 1920.0));
        assert!(differs < 0.001, "{degrees}: {differs} of the pixels differ");
        let differs = pad.changed(&upright.1, UPRIGHT_PAD);
        assert!(differs < 0.001, "{degrees}: {differs} of the pad's pixels differ");

        let glass = |[x, y]: [f32; 2]| turn.to_glass([x, y], [1080.0, 1920.0]);
        let mark = j.wall.mark();
        for digit in "2580e".chars() {
            let before = j.look_at().turned(turn);
            let [x, y] = key(digit);
            j.finger.tap(glass([x - 420.0, y + 840.0]));
            if digit.is_ascii_digit() {
                j.see("a dot for the digit", |p| p.turned(turn).changed(&before, UPRIGHT_DOTS) > 0.001);
            }
        }
        j.wall.hear(mark, "staff panel open");
        // Close panel: the third of the second row.
        let has = |p: &Picture| (0..1080).any(|x| p.turned(turn).at(x, 1822) == [52, 58, 68]);
        j.see("the panel's buttons", has);
        let shown = j.see_still(Region::ALL).turned(turn);
        let left = (0..1080).find(|x| shown.at(*x, 1822) == [52, 58, 68]).expect("the panel has buttons");
        let mark = j.wall.mark();
        j.finger.tap(glass([left as f32 + 582.0, 1822.0]));
        j.wall.hear(mark, "staff panel closed");
        // To the next topic, as the visitor sees it.
        let moved = j.moves("a swipe", || j.finger.swipe(glass([1000.0, 400.0]), glass([400.0, 400.0])));
        assert_ne!(moved.topic, "welcome", "a swipe to the side leads to another topic");
    }
    let _gone = fs::remove_dir_all(&folder);
}

//! The technician's journey: settings, health, status, visits; and the wall out of hours.

use crate::{
    exhibit::command,
    journey::{FULL_HD, Journey, colour},
    patience::{PATIENCE, ask_until},
    picture::{Picture, Region},
    screen::scratch,
};
use peerscape::{
    ink::{look, sheet::Ink},
    kiosk::health::Status,
};
use std::{
    fs,
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
}

impl Systemd {
    fn listen(folder: &Path) -> Self {
        let path = folder.join("notify");
        let socket = UnixDatagram::bind(&path).expect("a socket in the temporary folder");
        Self { socket, path }
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
            if String::from_utf8_lossy(&buffer[..length]).lines().any(|line| line.starts_with(words)) {
                return true;
            }
        }
    }
}

/// Runs a command of the technician's; what it prints, and whether it went well.
fn staff(words: &[&str]) -> (String, bool) {
    let out = command(words).output().expect("the binary runs");
    let said = [out.stdout, out.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), out.status.success())
}

fn status(socket: &str) -> Status {
    let (said, well) = staff(&["status", "--socket", socket, "--json"]);
    assert!(well, "{said}");
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// A text of a path in the temporary folder.
fn text(path: &Path) -> &str {
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
    assert!(systemd.hears(&format!("STATUS={LIVE} (visit)"), PATIENCE), "systemd hears what the wall shows");

    let now = status(text(&socket));
    assert_eq!((now.slide.as_str(), now.state.as_str()), (LIVE, "visit"));
    assert!(now.warnings.iter().any(|warning| warning.contains("There is no setting called `txt`")), "{now:?}");
    assert!(now.frames_presented > 0 && now.memory_bytes > 10_000_000 && now.uptime_s < 600, "{now:?}");
    assert!(now.answered_ms < 3_000 && !now.adapter.is_empty() && now.deck == "built in", "{now:?}");
    let (said, well) = staff(&["status", "--config", text(&config)]);
    assert!(well && said.contains(LIVE) && said.contains("visits today  1"), "{said}");
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

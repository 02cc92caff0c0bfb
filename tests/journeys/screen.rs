//! The virtual screen: an X server without hardware (driver `dummy`), a touchscreen of ten fingers (driver `inputtest`)
//! and a window manager, all ended with the journey.

use crate::{
    patience::{PATIENCE, ask_until},
    picture::Picture,
};
use std::{
    env,
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader},
    os::unix::{fs::DirBuilderExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};
use x11rb::{
    connection::Connection as _,
    protocol::{
        randr::{self, ConnectionExt as _},
        xproto::{
            AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ClientMessageEvent, ConnectionExt as _,
            CreateWindowAux, EventMask, ImageFormat, MOTION_NOTIFY_EVENT, Window, WindowClass,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

/// The Debian packages that bring all that a journey needs; `.ci/run` installs them.
const PACKAGES: &str = "xserver-xorg-core xserver-xorg-video-dummy openbox mesa-vulkan-drivers libxkbcommon-x11-0";

/// The fastest clock, in Hz, that the `dummy` driver takes for a mode; a larger screen is refreshed less often.
const FASTEST_CLOCK: f64 = 290e6;

/// A window manager that knows one key, and neither menus nor a visitor's own settings: Alt+F4 asks a window to close,
/// as it does on every desktop.
const WINDOW_MANAGER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew></focus>
  <desktops><number>1</number></desktops>
  <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
  <mouse></mouse>
</openbox_config>
"#;

/// A process in a group of its own, ended with everything it started. Should the tests themselves be killed, the end of
/// their pipe ends it too.
struct Kept(Child);

impl Kept {
    /// Starts a program; its standard output comes back through the pipe of the child.
    fn start(program: &str, arguments: &[&str], display: Option<&str>) -> Self {
        // The shell outlives the program to read the pipe that the tests hold open, and to see the program off.
        let keep = r#"trap : TERM; "$@" & exec >&- 2>&-; read -r over; kill -s TERM 0; wait"#;
        let mut command = Command::new("sh");
        command.args(["-c", keep, "keeper", program]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        if let Some(display) = display {
            command.env("DISPLAY", display);
        }
        Self(command.spawn().unwrap_or_else(|error| panic!("{program} can't be started: {error}")))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // The pipe's end asks the whole group to go; what stays a second longer is killed.
        drop(self.0.stdin.take());
        let gone = ask_until(std::time::Duration::from_secs(1), || self.0.try_wait().ok().flatten());
        end_group(self.0.id());
        if gone.is_none() {
            let _ended = self.0.wait();
        }
    }
}

/// Kills what is left of a process group.
pub fn end_group(leader: u32) {
    let _ended = Command::new("sh")
        .args(["-c", &format!("kill -s KILL -- -{leader}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// The virtual screen.
pub struct Screen {
    /// Its name for clients: `:7`.
    pub display: String,
    /// Width and height in pixels.
    pub size: [u16; 2],
    /// Where the touchscreen listens.
    pub touchscreen: PathBuf,
    connection: RustConnection,
    root: Window,
    room: PathBuf,
    // The window manager goes first, then its screen.
    _window_manager: Kept,
    server: Kept,
}

impl Screen {
    /// Starts a screen of a size.
    ///
    /// # Panics
    /// If a program is missing (says which packages bring it) or does not come up.
    pub fn start(size: [u16; 2]) -> Self {
        for program in ["Xorg", "openbox"] {
            assert!(
                on_path(program).is_some(),
                "the virtual screen needs {program}, which is not installed. {}",
                remedy()
            );
        }
        let room = scratch("screen");
        let touchscreen = room.join("touch");
        let settings = room.join("xorg.conf");
        fs::write(&settings, server_settings(size, &touchscreen)).expect("the scratch folder can be written");
        let log = room.join("server.log");

        let mut server = Kept::start(
            "Xorg",
            &["-displayfd", "1", "-config", text(&settings), "-logfile", text(&log), "-noreset", "-nolisten", "tcp"],
            None,
        );
        let display = first_line(&mut server.0).filter(|number| !number.is_empty());
        let Some(display) = display else {
            panic!("Xorg did not start. {}\n{}", remedy(), complaints(&log));
        };
        let display = format!(":{display}");
        assert!(
            ask_until(PATIENCE, || touchscreen.exists().then_some(())).is_some(),
            "the virtual touchscreen did not appear. {}\n{}",
            remedy(),
            complaints(&log)
        );

        let (connection, screen) = ask_until(PATIENCE, || RustConnection::connect(Some(&display)).ok())
            .unwrap_or_else(|| panic!("the X server {display} takes no clients\n{}", complaints(&log)));
        let setup = &connection.setup().roots[screen];
        let root = setup.root;
        assert_eq!(
            [setup.width_in_pixels, setup.height_in_pixels],
            size,
            "the X server did not take the size asked for\n{}",
            complaints(&log)
        );

        let rules = room.join("openbox.xml");
        fs::write(&rules, WINDOW_MANAGER).expect("the scratch folder can be written");
        let window_manager = Kept::start("openbox", &["--sm-disable", "--config-file", text(&rules)], Some(&display));
        let this = Self { display, size, touchscreen, connection, root, room, _window_manager: window_manager, server };
        this.await_window_manager();
        this
    }

    /// Plugs a second monitor in, to the right of the first and as large.
    ///
    /// # Panics
    /// If the server's driver has no second output.
    pub fn plug_second(&mut self) {
        let (c, root, [width, height]) = (&self.connection, self.root, self.size);
        let have = c.randr_get_screen_resources(root).expect("the X server is there").reply().expect("it has outputs");
        let mode =
            have.modes.iter().find(|mode| [mode.width, mode.height] == [width, height]).expect("its own mode").id;
        let (output, crtc) = (have.outputs[1], have.crtcs[1]);
        c.randr_add_output_mode(output, mode).expect("the X server is there").check().expect("the mode is taken");
        self.span([2 * width, height]);
        let set = c.randr_set_crtc_config(
            crtc,
            0,
            have.config_timestamp,
            i16::try_from(width).expect("a screen is no wider"),
            0,
            mode,
            randr::Rotation::ROTATE0,
            &[output],
        );
        set.expect("the X server is there").reply().expect("the second output lights up");
        self.size = [2 * width, height];
    }

    /// Makes room for all monitors.
    fn span(&self, [width, height]: [u16; 2]) {
        let [across, down] = [width, height].map(|pixels| u32::from(pixels) * 254 / 960);
        let sized = self.connection.randr_set_screen_size(self.root, width, height, across, down);
        sized.expect("the X server is there").check().expect("the screen has this size");
    }

    /// Pulls the second monitor out again.
    ///
    /// # Panics
    /// If the server refuses.
    pub fn pull_second(&mut self) {
        let (c, root, [width, height]) = (&self.connection, self.root, [self.size[0] / 2, self.size[1]]);
        let have = c.randr_get_screen_resources(root).expect("the X server is there").reply().expect("it has outputs");
        let set =
            c.randr_set_crtc_config(have.crtcs[1], 0, have.config_timestamp, 0, 0, 0, randr::Rotation::ROTATE0, &[]);
        set.expect("the X server is there").reply().expect("the second output goes dark");
        self.span([width, height]);
        self.size = [width, height];
    }

    /// Ends the server, as when the session under the wall is over.
    pub fn end(&mut self) {
        end_group(self.server.0.id());
    }

    /// Switches the monitor on or off.
    ///
    /// # Panics
    /// If the server's driver can't.
    pub fn light(&self, on: bool) {
        let (c, [width, height]) = (&self.connection, self.size);
        let have = c.randr_get_screen_resources(self.root).expect("the X server is there").reply();
        let have = have.expect("it has outputs");
        let same = |mode: &&randr::ModeInfo| [mode.width, mode.height] == [width, height];
        let mode = have.modes.iter().find(same).expect("its own mode").id;
        let (mode, outputs) = if on { (mode, &have.outputs[..1]) } else { (0, &[][..]) };
        let set = c.randr_set_crtc_config(
            have.crtcs[0],
            0,
            have.config_timestamp,
            0,
            0,
            mode,
            randr::Rotation::ROTATE0,
            outputs,
        );
        set.expect("the X server is there").reply().expect("the monitor is switched");
    }

    /// Moves the mouse there and presses its first button for a moment.
    pub fn click(&self, at: [i16; 2]) {
        self.mouse(MOTION_NOTIFY_EVENT, 0, at);
        self.mouse(BUTTON_PRESS_EVENT, 1, at);
        self.mouse(BUTTON_RELEASE_EVENT, 1, at);
    }

    /// Moves the mouse there and turns its wheel by so many notches, away from whoever turns it or, below 0, towards them.
    pub fn wheel(&self, at: [i16; 2], notches: i32) {
        self.mouse(MOTION_NOTIFY_EVENT, 0, at);
        // X takes the wheel for two more buttons.
        let button = if notches > 0 { 4 } else { 5 };
        for _ in 0..notches.abs() {
            self.mouse(BUTTON_PRESS_EVENT, button, at);
            self.mouse(BUTTON_RELEASE_EVENT, button, at);
        }
    }

    fn mouse(&self, kind: u8, detail: u8, at: [i16; 2]) {
        self.connection
            .xtest_fake_input(kind, detail, 0, self.root, at[0], at[1], 0)
            .expect("the X server is there")
            .check()
            .expect("the mouse is taken");
        thread::sleep(std::time::Duration::from_millis(120));
    }

    /// The connection, for those who press keys.
    pub fn connection(&self) -> &RustConnection {
        &self.connection
    }

    /// The root window.
    pub fn root(&self) -> Window {
        self.root
    }

    /// What is on the glass now.
    pub fn picture(&self) -> Picture {
        let [width, height] = self.size;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, u32::MAX)
            .expect("the X server is there")
            .reply()
            .expect("the root window can be read");
        Picture::from_bgrx(usize::from(width), usize::from(height), &image.data)
    }

    /// The window that has the keyboard, as the window manager says.
    pub fn active_window(&self) -> Option<Window> {
        self.window_property("_NET_ACTIVE_WINDOW")
    }

    /// Left, top, width and height of a window on the screen.
    pub fn place_of(&self, window: Window) -> [i32; 4] {
        let geometry = self.connection.get_geometry(window).expect("the X server is there").reply();
        let geometry = geometry.expect("the window has a geometry");
        let at = self.connection.translate_coordinates(window, self.root, 0, 0).expect("the X server is there");
        let at = at.reply().expect("the window stands on this screen");
        [i32::from(at.dst_x), i32::from(at.dst_y), i32::from(geometry.width), i32::from(geometry.height)]
    }

    /// Asks the active window to close, as a click on its frame's cross would.
    pub fn ask_to_close(&self) {
        let window = self.active_window().expect("there is a window to close");
        let close = self.atom("_NET_CLOSE_WINDOW");
        // Time 0, and 2: asked for by a person's tool, not by an application.
        let event = ClientMessageEvent::new(32, window, close, [0, 2, 0, 0, 0]);
        let mask = EventMask::SUBSTRUCTURE_NOTIFY | EventMask::SUBSTRUCTURE_REDIRECT;
        self.connection
            .send_event(false, self.root, mask, event)
            .expect("the X server is there")
            .check()
            .expect("the request to close is taken");
    }

    /// Waits until the window manager answers. Its properties on the root window stand a moment before it does, and
    /// openbox forgets a window that is shown in that moment; so it is asked something that only its main loop answers.
    fn await_window_manager(&self) {
        let c = &self.connection;
        let probe = c.generate_id().expect("the X server gives ids");
        let plain = CreateWindowAux::new();
        c.create_window(0, probe, self.root, 0, 0, 1, 1, 0, WindowClass::INPUT_OUTPUT, 0, &plain)
            .expect("the X server is there");
        let (ask, answer) = (self.atom("_NET_REQUEST_FRAME_EXTENTS"), self.atom("_NET_FRAME_EXTENTS"));
        let question = ClientMessageEvent::new(32, probe, ask, [0; 5]);
        let mask = EventMask::SUBSTRUCTURE_NOTIFY | EventMask::SUBSTRUCTURE_REDIRECT;
        let answered = ask_until(PATIENCE, || {
            c.send_event(false, self.root, mask, question).ok()?;
            let property = c.get_property(false, probe, answer, AtomEnum::ANY, 0, 4).ok()?.reply().ok()?;
            (property.type_ != 0).then_some(())
        });
        assert!(answered.is_some(), "openbox did not come up. {}", remedy());
        c.destroy_window(probe).expect("the X server is there");
    }

    fn atom(&self, name: &str) -> u32 {
        let cookie = self.connection.intern_atom(false, name.as_bytes()).expect("the X server is there");
        cookie.reply().expect("an atom can be made").atom
    }

    fn window_property(&self, name: &str) -> Option<Window> {
        let atom = self.atom(name);
        let cookie = self.connection.get_property(false, self.root, atom, AtomEnum::WINDOW, 0, 1).ok()?;
        let window = cookie.reply().ok()?.value32()?.next()?;
        (window != 0).then_some(window)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.room);
    }
}

/// Where a program is found.
fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// How to get what is missing.
pub fn remedy() -> String {
    let command = format!("apt-get install -y {PACKAGES}");
    if env::var_os("CI").is_some_and(|ci| ci == "true") {
        format!("CI must run the journeys: let `.ci/run` do `{command}` first.")
    } else {
        format!("On Debian or Ubuntu: sudo {command}")
    }
}

/// A new empty folder for this process alone. It stands in the system's temporary folder, because the path of a socket
/// may have no more than 107 bytes.
pub fn scratch(purpose: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = env::temp_dir().join(format!("peerscape-{purpose}-{}-{number}", std::process::id()));
    let _old = fs::remove_dir_all(&path);
    fs::DirBuilder::new().mode(0o700).create(&path).expect("the temporary folder can be written");
    path
}

/// A path as text; scratch paths are plain.
fn text(path: &Path) -> &str {
    path.to_str().expect("the temporary folder has a plain name")
}

/// The first line that a child writes, waited for no longer than anything else.
fn first_line(child: &mut Child) -> Option<String> {
    let output = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let _read = BufReader::new(output).read_line(&mut line);
        let _sent = sender.send(line.trim().to_owned());
    });
    receiver.recv_timeout(PATIENCE).ok()
}

/// What the X server says went wrong.
fn complaints(log: &Path) -> String {
    let mut lines = String::new();
    for line in fs::read_to_string(log).unwrap_or_default().lines().filter(|line| line.contains("(EE)")) {
        let _written = writeln!(lines, "  {line}");
    }
    lines
}

/// The X server's settings: one screen of this size, one touchscreen that listens on a socket.
fn server_settings([width, height]: [u16; 2], touchscreen: &Path) -> String {
    let (wide, high) = (u32::from(width) + 280, u32::from(height) + 45);
    let clock = (f64::from(wide) * f64::from(high) * 60.0).min(FASTEST_CLOCK) / 1e6;
    let (h1, h2, v1, v2) = (width + 88, width + 132, height + 4, height + 9);
    format!(
        r#"Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "BlankTime" "0"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 256000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
  Modeline "size" {clock:.2} {width} {h1} {h2} {wide} {height} {v1} {v2} {high}
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "size"
    Virtual {width} {height}
  EndSubSection
EndSection
Section "InputDevice"
  Identifier "touch"
  Driver "inputtest"
  Option "SocketPath" "{touchscreen}"
  Option "DeviceType" "Touch"
  Option "TouchCount" "10"
EndSection
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
  InputDevice "touch" "SendCoreEvents"
EndSection
"#,
        touchscreen = touchscreen.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finger::Finger,
        journey::{alone, checkout},
        keys::{Key, Keys},
    };

    /// What the failure tells to install is what README's line for the tests installs.
    #[test]
    fn readme_installs_what_the_screen_needs() {
        let readme = fs::read_to_string(checkout("README.md")).expect("README.md is there");
        let line = readme.lines().find(|line| line.contains("cargo test --release")).expect("a line runs the tests");
        for package in PACKAGES.split_whitespace() {
            assert!(line.split_whitespace().any(|word| word == package), "README's line for the tests lacks {package}");
        }
    }

    /// A screen of a size that no monitor has comes up, shows what is drawn on it, and takes fingers and keys.
    #[test]
    fn screen_shows_and_feels() {
        let _alone = alone();
        let screen = Screen::start([1280, 800]);
        let c = screen.connection();
        let window = c.generate_id().expect("an id");
        let look = CreateWindowAux::new()
            .background_pixel(0x00F7_B93E)
            .event_mask(EventMask::KEY_PRESS | EventMask::BUTTON_PRESS);
        c.create_window(0, window, screen.root(), 0, 0, 600, 400, 0, WindowClass::INPUT_OUTPUT, 0, &look)
            .expect("sent");
        c.map_window(window).expect("sent");
        c.flush().expect("sent");
        let active = ask_until(PATIENCE, || screen.active_window().filter(|w| *w == window));
        assert!(active.is_some(), "the window manager gives the keyboard to a new window");
        let [x, y, ..] = screen.place_of(window);
        let (x, y) = (usize::try_from(x + 300).expect("on screen"), usize::try_from(y + 200).expect("on screen"));
        let shown = ask_until(PATIENCE, || (screen.picture().at(x, y) == [0xF7, 0xB9, 0x3E]).then_some(()));
        assert!(shown.is_some(), "the window's ground is read back from the screen");

        let keys = Keys::new(&screen);
        keys.press(Key::Tab);
        let pressed = ask_until(PATIENCE, || match c.poll_for_event().expect("the X server is there") {
            Some(x11rb::protocol::Event::KeyPress(event)) => Some(event.detail),
            _ => None,
        });
        assert_eq!(pressed, Some(23), "Tab is key 23 of a PC keyboard");

        let finger = Finger::reach(&screen);
        finger.tap([x as f32 * 1.5, y as f32 * 1.35]);
        let touched = ask_until(PATIENCE, || match c.poll_for_event().expect("the X server is there") {
            Some(x11rb::protocol::Event::ButtonPress(event)) => Some([event.root_x, event.root_y]),
            _ => None,
        });
        let [tx, ty] = touched.expect("a window that knows no fingers takes the first as a pointer");
        assert!((i64::from(tx) - x as i64).abs() <= 1 && (i64::from(ty) - y as i64).abs() <= 1, "at {tx} {ty}");
    }
}

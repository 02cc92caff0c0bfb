//! `peerscape doctor`: what this machine has and lacks for the exhibit, and the remedy for each lack.
//!
//! Looks only: it opens no window, changes nothing, and needs neither a display nor an adapter to say that they are
//! missing.

use crate::{
    deck::{Deck, check},
    ink::text::{Face, Typesetter},
};
use bevy::{
    render::{
        renderer::{RenderInstance, WgpuWrapper},
        settings::Backends,
    },
    tasks::block_on,
};
use clap::Args;
use std::{
    env,
    fmt::Write as _,
    fs,
    os::{linux::net::SocketAddrExt as _, unix::net},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// What the exhibit would be started with.
#[derive(Args, Debug, Clone)]
pub struct DoctorArgs {
    /// The deck to look at instead of the one built in: a folder, or one file.
    #[arg(long, value_name = "PATH")]
    pub deck: Option<PathBuf>,
    /// A folder whose files stand in for those built in, file by file.
    #[arg(long, value_name = "DIR")]
    pub assets: Option<PathBuf>,
    /// The language of words.
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub lang: String,
}

/// What was found out about one need of the exhibit.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    /// It is there.
    Has,
    /// It is there, and could be better: how.
    Could(String),
    /// It is not there: the remedy.
    Lacks(String),
}

/// One need of the exhibit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Need {
    /// Its name.
    name: &'static str,
    /// What this machine has of it.
    found: String,
    /// Whether that will do.
    verdict: Verdict,
}

/// Libraries that a window on X11 loads when it opens, and the Debian packages that bring them.
const X11_LIBRARIES: [(&str, &str); 5] = [
    ("libX11.so.6", "libx11-6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libXcursor.so.1", "libxcursor1"),
    ("libXi.so.6", "libxi6"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
];

/// Libraries that a window on Wayland loads when it opens.
const WAYLAND_LIBRARIES: [(&str, &str); 2] =
    [("libwayland-client.so.0", "libwayland-client0"), ("libxkbcommon.so.0", "libxkbcommon0")];

/// Where libraries lie if the linker's cache does not tell.
const LIBRARY_FOLDERS: [&str; 5] = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"];

/// Where X servers listen.
const X11_SOCKETS: &str = "/tmp/.X11-unix";

/// A property of an input device: what it feels lies under what it shows, as on a touchscreen (`INPUT_PROP_DIRECT`).
const DIRECT: usize = 0x01;

/// The key that says that a pen is near (`BTN_TOOL_PEN`): drawing tablets have it, touchscreens don't.
const PEN: usize = 0x140;

/// Axes of any device that tells a place (`ABS_X`), and of one that tells several fingers apart (`ABS_MT_POSITION_X`).
const PLACE: usize = 0x00;
const PLACES: usize = 0x35;

/// Says what this machine has and lacks. Exit code 0 if nothing is lacking, else 1.
#[expect(clippy::print_stdout, reason = "this is the command line")]
#[must_use]
pub fn run(args: &DoctorArgs) -> ExitCode {
    let needs = [adapter(&adapters()), display(), touch(), fonts(), deck(args)];
    print!("{}", render(&needs));
    if needs.iter().any(|need| matches!(need.verdict, Verdict::Lacks(_))) {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}

/// The report: a line for each need, its remedy below it, and the sum.
fn render(needs: &[Need]) -> String {
    let mut out = String::new();
    let width = needs.iter().map(|need| need.name.len()).max().unwrap_or(0);
    for Need { name, found, verdict } in needs {
        let (mark, remedy) = match verdict {
            Verdict::Has => ("has", None),
            Verdict::Could(better) => ("has", Some(better)),
            Verdict::Lacks(remedy) => ("lacks", Some(remedy)),
        };
        // Writing into a string can't fail.
        let _written = writeln!(out, "{mark:<5}  {name:<width$}  {found}");
        for line in remedy.into_iter().flat_map(|remedy| remedy.lines()) {
            let _written = writeln!(out, "       {:<width$}  → {line}", "");
        }
    }
    let lacking = needs.iter().filter(|need| matches!(need.verdict, Verdict::Lacks(_))).count();
    let _written = match lacking {
        0 => writeln!(out, "\nThe exhibit can open here."),
        1 => writeln!(out, "\nOne thing is lacking."),
        _ => writeln!(out, "\n{lacking} things are lacking."),
    };
    out
}

/// Something that can draw.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Adapter {
    name: String,
    driver: String,
    software: bool,
}

/// Everything here that speaks Vulkan, which is what the exhibit draws with.
fn adapters() -> Vec<Adapter> {
    let instance = RenderInstance(Arc::new(WgpuWrapper::new(Default::default())));
    let found = block_on(instance.enumerate_adapters(Backends::VULKAN));
    found
        .iter()
        .map(|adapter| {
            let info = adapter.get_info();
            let driver = [info.driver, info.driver_info].join(" ").trim().to_owned();
            // Bevy does not pass on the type's name, but its word: `Cpu` is a rasteriser on the processor.
            Adapter { name: info.name, driver, software: format!("{:?}", info.device_type) == "Cpu" }
        })
        .collect()
}

fn adapter(found: &[Adapter]) -> Need {
    let name = "adapter";
    let words = |adapter: &Adapter| {
        let kind = if adapter.software { "software" } else { "hardware" };
        format!("{}: {kind}, driver {}", adapter.name, adapter.driver)
    };
    let all = found.iter().map(words).collect::<Vec<_>>().join(", ");
    if found.is_empty() {
        let remedy = "sudo apt-get install -y mesa-vulkan-drivers  (or the Vulkan driver of the graphics card's maker)";
        Need { name, found: "nothing here speaks Vulkan".into(), verdict: Verdict::Lacks(remedy.into()) }
    } else if found.iter().all(|adapter| adapter.software) {
        let better = "the processor draws: the exhibit works, a graphics card would make movement smoother";
        Need { name, found: all, verdict: Verdict::Could(better.into()) }
    } else {
        Need { name, found: all, verdict: Verdict::Has }
    }
}

/// A display server that the environment names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Server {
    /// A compositor that started this process and handed it a connection.
    Parent,
    Wayland(PathBuf),
    X11(String),
}

/// What the exhibit lacks to open a window, and the remedy, in one line; nothing if it lacks nothing.
#[must_use]
pub fn display_lacks() -> Option<String> {
    let Need { found, verdict, .. } = display();
    match verdict {
        Verdict::Lacks(remedy) => Some(format!("{found}; {remedy}")),
        Verdict::Has | Verdict::Could(_) => None,
    }
}

fn display() -> Need {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let wayland = variable("WAYLAND_DISPLAY").map(|name| {
        let folder = variable("XDG_RUNTIME_DIR").map_or_else(|| PathBuf::from("/run"), PathBuf::from);
        Server::Wayland(folder.join(name))
    });
    let x11 = variable("DISPLAY").map(|name| Server::X11(name.to_string_lossy().into_owned()));
    let parent = variable("WAYLAND_SOCKET").map(|_| Server::Parent);
    let named: Vec<Server> = parent.into_iter().chain(wayland).chain(x11).collect();
    judge_display(&named, reaches, installed)
}

/// Whether one of the servers named by the environment can be reached, and the libraries for it are here.
fn judge_display(named: &[Server], reaches: impl Fn(&Server) -> bool, installed: impl Fn(&str) -> bool) -> Need {
    let name = "display";
    let words = |server: &Server| match server {
        Server::Parent => "Wayland, from the compositor that started this".to_owned(),
        Server::Wayland(socket) => format!("Wayland at {}", socket.display()),
        Server::X11(display) => format!("X11 at {display}"),
    };
    let Some(server) = named.iter().find(|server| reaches(server)) else {
        let (found, remedy) = match named.first() {
            None => (
                "no display server: neither WAYLAND_DISPLAY nor DISPLAY is set".to_owned(),
                "start the exhibit from a desktop session, or let a compositor start it: cage -- peerscape".to_owned(),
            ),
            Some(server) => (
                format!("{} does not answer", words(server)),
                "log in at the screen itself, or set WAYLAND_DISPLAY or DISPLAY to the session that runs there"
                    .to_owned(),
            ),
        };
        return Need { name, found, verdict: Verdict::Lacks(remedy) };
    };
    let libraries: &[(&str, &str)] = match server {
        Server::Parent | Server::Wayland(_) => &WAYLAND_LIBRARIES,
        Server::X11(_) => &X11_LIBRARIES,
    };
    let missing: Vec<_> = libraries.iter().filter(|(library, _)| !installed(library)).collect();
    if missing.is_empty() {
        return Need { name, found: words(server), verdict: Verdict::Has };
    }
    let column = |part: fn(&(&'static str, &'static str)) -> &'static str| {
        missing.iter().map(|entry| part(entry)).collect::<Vec<_>>().join(" ")
    };
    Need {
        name,
        found: format!("{}, but without {}", words(server), column(|(library, _)| library)),
        verdict: Verdict::Lacks(format!("sudo apt-get install -y {}", column(|(_, package)| package))),
    }
}

/// Whether a display server takes a connection.
fn reaches(server: &Server) -> bool {
    match server {
        Server::Parent => true,
        Server::Wayland(socket) => net::UnixStream::connect(socket).is_ok(),
        Server::X11(display) => match x11_number(display) {
            Some(number) => {
                let path = format!("{X11_SOCKETS}/X{number}");
                let hidden = net::SocketAddr::from_abstract_name(&path);
                net::UnixStream::connect(&path).is_ok()
                    || hidden.is_ok_and(|address| net::UnixStream::connect_addr(&address).is_ok())
            }
            // A display of another machine is the business of whoever set it.
            None => true,
        },
    }
}

/// The number of a display of this machine, ":7.0"; nothing for one of another.
fn x11_number(display: &str) -> Option<u32> {
    let rest = display.strip_prefix("unix").unwrap_or(display).strip_prefix(':')?;
    rest.split('.').next()?.parse().ok()
}

/// Whether a library is installed: the linker's cache names it, or it lies in a usual folder.
fn installed(library: &str) -> bool {
    let mut name = library.as_bytes().to_vec();
    name.push(0);
    let cached = fs::read("/etc/ld.so.cache").is_ok_and(|cache| cache.windows(name.len()).any(|part| part == name));
    let more = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    cached
        || LIBRARY_FOLDERS.iter().map(PathBuf::from).chain(env::split_paths(&more)).any(|folder| {
            folder.join(library).exists()
                || folder.join(format!("{}-linux-gnu", env::consts::ARCH)).join(library).exists()
        })
}

/// Where the kernel tells its input devices.
pub const INPUT_DEVICES: &str = "/proc/bus/input/devices";

fn touch() -> Need {
    judge_touch(fs::read_to_string(INPUT_DEVICES).ok().as_deref())
}

fn judge_touch(devices: Option<&str>) -> Need {
    let name = "touch";
    let remedy =
        "connect the touchscreen's USB cable as well as its picture; until then mouse and keys move the exhibit";
    let Some(devices) = devices else {
        let found = "the kernel does not tell its input devices here (a container?)".to_owned();
        return Need { name, found, verdict: Verdict::Lacks(remedy.into()) };
    };
    let screens = feeling(devices);
    if screens.is_empty() {
        return Need { name, found: "no touchscreen".into(), verdict: Verdict::Lacks(remedy.into()) };
    }
    let found = screens
        .iter()
        .map(|(name, many)| format!("{name} ({})", if *many { "several fingers" } else { "one finger" }))
        .collect::<Vec<_>>()
        .join(", ");
    if screens.iter().any(|(_, many)| *many) {
        return Need { name, found, verdict: Verdict::Has };
    }
    let better = "a screen that feels one finger serves one visitor at a time";
    Need { name, found, verdict: Verdict::Could(better.into()) }
}

/// The names of the touchscreens among the kernel's input devices.
#[must_use]
pub fn touchscreens(devices: &str) -> Vec<String> {
    feeling(devices).into_iter().map(|(name, _)| name).collect()
}

/// The touchscreens among the kernel's input devices, and whether each tells several fingers apart.
fn feeling(devices: &str) -> Vec<(String, bool)> {
    let mut screens = Vec::new();
    for device in devices.split("\n\n") {
        let field = |prefix: &str| device.lines().find_map(|line| line.strip_prefix(prefix)).unwrap_or_default().trim();
        let many = has_bit(field("B: ABS="), PLACES);
        let feels = many || has_bit(field("B: ABS="), PLACE);
        if feels && has_bit(field("B: PROP="), DIRECT) && !has_bit(field("B: KEY="), PEN) {
            screens.push((field("N: Name=").trim_matches('"').to_owned(), many));
        }
    }
    screens
}

/// Whether a bit is set in one of the kernel's maps: hexadecimal words as wide as its own, the lowest last.
fn has_bit(map: &str, bit: usize) -> bool {
    let width = usize::BITS as usize;
    let word = map.split_whitespace().rev().nth(bit / width).and_then(|word| u64::from_str_radix(word, 16).ok());
    word.is_some_and(|word| word >> (bit % width) & 1 == 1)
}

/// The faces are part of the binary; what can go wrong is a build without them.
fn fonts() -> Need {
    let name = "fonts";
    let setter = Typesetter::new();
    let faces = [(Face::Regular, "Noto Sans"), (Face::Bold, "Noto Sans Bold"), (Face::Mono, "Hack")];
    let missing: Vec<&str> =
        faces.iter().filter(|(face, _)| !setter.covers(*face, 'a')).map(|(_, name)| *name).collect();
    if missing.is_empty() {
        let found = format!("{}, part of the program", faces.map(|(_, name)| name).join(", "));
        return Need { name, found, verdict: Verdict::Has };
    }
    let found = format!("{} can't be read", missing.join(", "));
    Need {
        name,
        found,
        verdict: Verdict::Lacks("build the program again: cargo clean && cargo build --release".into()),
    }
}

fn deck(args: &DoctorArgs) -> Need {
    let name = "deck";
    let path = args.deck.as_deref();
    let called = path.map_or_else(|| "the one built in".to_owned(), |path| path.display().to_string());
    let loaded = Deck::load(path, args.assets.as_deref(), &args.lang);
    let (deck, findings) = match loaded {
        Ok(deck) => {
            let findings = check::check(&deck);
            (Some(deck), findings)
        }
        Err(findings) => (None, findings),
    };
    let Some(first) = findings.first() else {
        let slides = deck.map_or(0, |deck| deck.walk().count());
        return Need { name, found: format!("{called}: {slides} slides, nothing wrong"), verdict: Verdict::Has };
    };
    let place = first.spots.first().map_or_else(String::new, |spot| {
        let (line, column) = spot.line_column();
        format!("{}:{line}:{column}: ", spot.source.name)
    });
    let found = match findings.len() {
        1 => format!("{called}: {place}{}", first.message),
        n => format!("{called}: {n} findings, the first: {place}{}", first.message),
    };
    Need {
        name,
        found,
        verdict: Verdict::Lacks(format!("peerscape check {}", path.map_or("".into(), Path::to_string_lossy))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICES: &str = r#"I: Bus=0011 Vendor=0001 Product=0001 Version=ab41
N: Name="AT Translated Set 2 keyboard"
P: Phys=isa0060/serio0/input0
H: Handlers=sysrq kbd event0 leds
B: PROP=0
B: EV=120013
B: KEY=402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe

I: Bus=0018 Vendor=06cb Product=ce44 Version=0100
N: Name="SYNA8005:00 06CB:CE44 Touchpad"
H: Handlers=mouse1 event5
B: PROP=5
B: EV=1b
B: ABS=2e0800000000003

I: Bus=0003 Vendor=0eef Product=c000 Version=0111
N: Name="eGalax Inc. eGalaxTouch P80H84"
H: Handlers=mouse2 event7
B: PROP=2
B: EV=1b
B: KEY=400 0 0 0 0 0
B: ABS=1000003

I: Bus=0003 Vendor=0eef Product=0001 Version=0210
N: Name="eGalax Inc. USB TouchController"
H: Handlers=event8
B: PROP=2
B: ABS=260800000000003

I: Bus=0003 Vendor=056a Product=0357 Version=0110
N: Name="Wacom Cintiq Pen Display"
H: Handlers=event9
B: PROP=2
B: KEY=1c01 0 0 0 0 0
B: ABS=1000f000003
"#;

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn touchscreens_are_told_from_touchpads_and_tablets() {
        let found = feeling(DEVICES);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["eGalax Inc. eGalaxTouch P80H84", "eGalax Inc. USB TouchController"]);
        assert_eq!(found.iter().map(|(_, many)| *many).collect::<Vec<_>>(), [false, true], "by their axes");
    }

    #[test]
    fn no_touchscreen_is_a_lack_with_a_remedy() {
        assert_eq!(judge_touch(Some(DEVICES)).verdict, Verdict::Has);
        assert!(matches!(judge_touch(Some("")).verdict, Verdict::Lacks(_)));
        assert!(matches!(judge_touch(None).verdict, Verdict::Lacks(_)));
    }

    #[test]
    fn software_draws_but_is_named() {
        let adapter_of = |software| Adapter { name: "llvmpipe".into(), driver: "Mesa".into(), software };
        let software = adapter(&[adapter_of(true)]);
        assert!(software.found.contains("software") && matches!(software.verdict, Verdict::Could(_)));
        assert_eq!(adapter(&[adapter_of(true), adapter_of(false)]).verdict, Verdict::Has);
        let none = adapter(&[]);
        assert!(matches!(none.verdict, Verdict::Lacks(remedy) if remedy.contains("mesa-vulkan-drivers")));
    }

    #[test]
    fn a_display_must_be_named_answer_and_have_its_libraries() {
        let x11 = [Server::X11(":7".into())];
        assert!(matches!(judge_display(&[], |_| true, |_| true).verdict, Verdict::Lacks(_)));
        assert!(judge_display(&x11, |_| false, |_| true).found.contains("does not answer"));
        assert_eq!(judge_display(&x11, |_| true, |_| true).verdict, Verdict::Has);
        let bare = judge_display(&x11, |_| true, |library| library != "libxkbcommon-x11.so.0");
        assert_eq!(bare.verdict, Verdict::Lacks("sudo apt-get install -y libxkbcommon-x11-0".into()));
        let both = [Server::Wayland("/run/user/1000/wayland-0".into()), Server::X11(":7".into())];
        let fallen_back = judge_display(&both, |server| matches!(server, Server::X11(_)), |_| true);
        assert_eq!(fallen_back.found, "X11 at :7", "the one that answers");
    }

    #[test]
    fn displays_have_numbers() {
        assert_eq!(x11_number(":0"), Some(0));
        assert_eq!(x11_number("unix:12.1"), Some(12));
        assert_eq!(x11_number("elsewhere:0"), None);
    }

    #[test]
    fn every_lack_has_its_remedy_in_the_report() {
        let needs = [
            Need { name: "adapter", found: "one".into(), verdict: Verdict::Has },
            Need { name: "touch", found: "none".into(), verdict: Verdict::Lacks("connect it".into()) },
        ];
        assert_eq!(
            render(&needs),
            "has    adapter  one\nlacks  touch    none\n                → connect it\n\nOne thing is lacking.\n"
        );
    }
}

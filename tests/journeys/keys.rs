//! Keys, pressed by XTEST as a keyboard or a clicker would.

use crate::{
    patience::{PATIENCE, ask_until},
    screen::Screen,
};
use std::{thread, time::Duration};
use x11rb::{
    connection::Connection as _,
    protocol::{
        xproto::{ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT},
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

/// A key of a keyboard, by what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The key that types this sign, with Shift if the keyboard wants it.
    Sign(char),
    Alt,
    AltGr,
    Backspace,
    Control,
    Down,
    End,
    Enter,
    Escape,
    F1,
    F4,
    F5,
    Home,
    Left,
    PageDown,
    PageUp,
    Right,
    Shift,
    Space,
    Super,
    Tab,
    Up,
}

impl Key {
    /// X's number for what the key means (`keysymdef.h`).
    fn symbol(self) -> u32 {
        match self {
            Self::Sign(sign) => u32::from(sign),
            Self::Space => 0x20,
            Self::Backspace => 0xFF08,
            Self::Tab => 0xFF09,
            Self::Enter => 0xFF0D,
            Self::Escape => 0xFF1B,
            Self::Home => 0xFF50,
            Self::Left => 0xFF51,
            Self::Up => 0xFF52,
            Self::Right => 0xFF53,
            Self::Down => 0xFF54,
            Self::PageUp => 0xFF55,
            Self::PageDown => 0xFF56,
            Self::End => 0xFF57,
            Self::F1 => 0xFFBE,
            Self::F4 => 0xFFC1,
            Self::F5 => 0xFFC2,
            Self::Shift => 0xFFE1,
            Self::Alt => 0xFFE9,
            Self::AltGr => 0xFE03,
            Self::Super => 0xFFEB,
            Self::Control => 0xFFE3,
        }
    }
}

/// How long a key is down: as short as a person's shortest, longer than a frame.
const STROKE: Duration = Duration::from_millis(30);

/// A keyboard on a screen.
pub struct Keys<'a> {
    connection: &'a RustConnection,
    root: u32,
    first: u8,
    symbols_a_key: usize,
    symbols: Vec<u32>,
}

impl<'a> Keys<'a> {
    /// Reads the keyboard's layout. The keys go to whichever window has the keyboard.
    pub fn new(screen: &'a Screen) -> Self {
        let connection = screen.connection();
        let (first, last) = (connection.setup().min_keycode, connection.setup().max_keycode);
        let mapping = connection.get_keyboard_mapping(first, last - first + 1).expect("the X server is there");
        let mapping = mapping.reply().expect("the keyboard has a layout");
        Self {
            connection,
            root: screen.root(),
            first,
            symbols_a_key: usize::from(mapping.keysyms_per_keycode),
            symbols: mapping.keysyms,
        }
    }

    /// Presses and releases a key.
    pub fn press(&self, key: Key) {
        self.press_with(&[], key);
    }

    /// Presses and releases a key while others are held.
    pub fn press_with(&self, held: &[Key], key: Key) {
        self.down_with(held, key);
        thread::sleep(STROKE);
        self.up_with(held, key);
    }

    /// The same as [`Keys::press`], as fast as a machine.
    pub fn press_quickly(&self, key: Key) {
        let code = self.code(key).0;
        self.send(KEY_PRESS_EVENT, code);
        self.send(KEY_RELEASE_EVENT, code);
    }

    /// Presses every key that there is, one after the other, while others are held.
    pub fn press_every(&self, held: &[Key]) {
        let rows = self.symbols.chunks(self.symbols_a_key).enumerate().filter(|(_, row)| row[0] != 0);
        let codes: Vec<u8> = rows.map(|(row, _)| self.first + u8::try_from(row).expect("a key code")).collect();
        let held: Vec<u8> = held.iter().map(|key| self.code(*key).0).collect();
        for code in codes.into_iter().filter(|code| !held.contains(code)) {
            held.iter().for_each(|code| self.send(KEY_PRESS_EVENT, *code));
            self.send(KEY_PRESS_EVENT, code);
            thread::sleep(Duration::from_millis(5));
            self.send(KEY_RELEASE_EVENT, code);
            held.iter().rev().for_each(|code| self.send(KEY_RELEASE_EVENT, *code));
        }
    }

    /// Presses a key and keeps it down until [`Keys::up`].
    pub fn down(&self, key: Key) {
        self.down_with(&[], key);
    }

    /// Releases a key.
    pub fn up(&self, key: Key) {
        self.up_with(&[], key);
    }

    fn down_with(&self, held: &[Key], key: Key) {
        let (code, shift) = self.code(key);
        if shift {
            self.send(KEY_PRESS_EVENT, self.code(Key::Shift).0);
        }
        for key in held {
            self.send(KEY_PRESS_EVENT, self.code(*key).0);
        }
        self.send(KEY_PRESS_EVENT, code);
    }

    fn up_with(&self, held: &[Key], key: Key) {
        let (code, shift) = self.code(key);
        self.send(KEY_RELEASE_EVENT, code);
        for key in held.iter().rev() {
            self.send(KEY_RELEASE_EVENT, self.code(*key).0);
        }
        if shift {
            self.send(KEY_RELEASE_EVENT, self.code(Key::Shift).0);
        }
    }

    /// The number of a key on this keyboard, and whether Shift must be held for what it means.
    fn code(&self, key: Key) -> (u8, bool) {
        let wanted = key.symbol();
        for column in 0..self.symbols_a_key.min(2) {
            for (row, symbols) in self.symbols.chunks(self.symbols_a_key).enumerate() {
                if symbols[column] == wanted {
                    return (self.first + u8::try_from(row).expect("a key code"), column == 1);
                }
            }
        }
        panic!("the virtual keyboard has no key for {key:?}")
    }

    fn send(&self, kind: u8, code: u8) {
        let sent = ask_until(PATIENCE, || {
            let cookie = self.connection.xtest_fake_input(kind, code, 0, self.root, 0, 0, 0).ok()?;
            cookie.check().ok()
        });
        sent.expect("the X server presses keys");
    }
}

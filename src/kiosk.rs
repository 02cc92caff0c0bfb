//! Kiosk: keeps the exhibit running by itself. When nobody is there it asks, resets and plays its loop; a finger wakes it.

pub mod attract;
pub mod idle;
pub mod starts;

//! Kiosk: keeps the exhibit running by itself. When nobody is there it asks, resets and plays its loop; a finger wakes it.

pub mod attract;
pub mod health;
pub mod hours;
pub mod idle;
pub mod knock;
pub mod pin;
pub mod settings;
pub mod starts;
pub mod visits;

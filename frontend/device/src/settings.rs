//! Small settings, in the browser's storage. Losing one is never worth a crash, so failures are passed over.

use app::ports::device::Settings;
use gloo_storage::{LocalStorage, SessionStorage, Storage};

/// `localStorage` and `sessionStorage`, as plain strings.
pub struct WebStorage;

impl Settings for WebStorage {
    fn get(&self, name: &str) -> Option<String> {
        LocalStorage::raw().get_item(name).ok().flatten()
    }

    fn set(&self, name: &str, value: &str) {
        let _ = LocalStorage::raw().set_item(name, value);
    }

    fn remove(&self, name: &str) {
        let _ = LocalStorage::raw().remove_item(name);
    }

    fn session_get(&self, name: &str) -> Option<String> {
        SessionStorage::raw().get_item(name).ok().flatten()
    }

    fn session_set(&self, name: &str, value: &str) {
        let _ = SessionStorage::raw().set_item(name, value);
    }

    fn session_remove(&self, name: &str) {
        let _ = SessionStorage::raw().remove_item(name);
    }
}

//! Values that identify a patient never reach a log by way of `{:?}`.

/// Implements `Debug` as the type's name alone.
#[macro_export]
macro_rules! redacted_debug {
    ($($t:ty),* $(,)?) => {$(
        impl std::fmt::Debug for $t {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($t), "(redacted)"))
            }
        }
    )*};
}

//! Keeps the program's own SQLite to itself.
//!
//! The catalog brings SQLite with it, and GDAL loads the system's. Without this, the dynamic linker would hand GDAL
//! half of the one and half of the other, and reading a GeoPackage would crash.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
}

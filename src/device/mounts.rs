//! What is mounted, and how much room it has.

use std::fs;
use std::path::{Path, PathBuf};

/// The file systems that a reader's storage can have. Others are not even looked at: one of
/// a network could keep us waiting.
const FILE_SYSTEMS: [&str; 12] = [
    "vfat",
    "msdos",
    "exfat",
    "ntfs",
    "ntfs3",
    "hfsplus",
    "fuse",
    "fuseblk",
    "fuse.exfat",
    "fuse.fusefat",
    "fuse.jmtpfs",
    "fuse.simple-mtpfs",
];

/// Where storage is mounted that may be a reader's, and every folder of each of `media`.
pub(super) fn mounted(media: &[PathBuf]) -> Vec<PathBuf> {
    let mut roots = match fs::read_to_string("/proc/self/mountinfo") {
        Ok(table) => points(&table),
        Err(_) => folders(Path::new("/Volumes")),
    };
    if cfg!(windows) {
        let letters = 'D'..='Z';
        roots.extend(letters.map(|letter| PathBuf::from(format!("{letter}:\\"))));
    }
    roots.extend(media.iter().flat_map(|folder| folders(folder)));
    roots.sort();
    roots.dedup();
    roots
}

/// The mount points of Linux's table: the fifth field, and after a dash the file system.
fn points(table: &str) -> Vec<PathBuf> {
    let point = |line: &str| {
        let (place, kind) = line.split_once(" - ")?;
        let kind = kind.split(' ').next()?;
        let place = unescaped(place.split(' ').nth(4)?);
        (FILE_SYSTEMS.contains(&kind) && place != "/").then(|| PathBuf::from(place))
    };
    table.lines().filter_map(point).collect()
}

/// White space stands in the table as three octal digits after a backslash.
fn unescaped(field: &str) -> String {
    let mut parts = field.split('\\');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let code = part
            .get(..3)
            .and_then(|code| u8::from_str_radix(code, 8).ok());
        match code {
            Some(code) => {
                out.push(char::from(code));
                out.push_str(&part[3..]);
            }
            None => out.extend(["\\", part]),
        }
    }
    out
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir());
    folders
}

/// Bytes that can still be written; `None` where the system does not say.
#[cfg(unix)]
pub(super) fn free(root: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(root).ok()?;
    // Some file systems in user space do not count, and say that they have nothing at all.
    (stat.f_blocks > 0).then(|| stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Elsewhere a disk that is too full is found when it is.
#[cfg(not(unix))]
pub(super) fn free(_root: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_table_of_mounts() {
        let table = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
            30 22 0:25 / /proc rw,nosuid shared:3 - proc proc rw\n\
            90 22 8:17 / /media/ann/KOBO\\040eReader rw,nosuid shared:9 master:2 - vfat /dev/sdb1 rw\n\
            91 22 8:18 / / rw - vfat /dev/sdc rw\n\
            broken\n\
            92 22 0:40 / /home/ann/far rw - fuse.sshfs host: rw\n";
        assert_eq!(points(table), [PathBuf::from("/media/ann/KOBO eReader")]);
        assert_eq!(unescaped("a\\134b\\9"), "a\\b\\9");
    }
}

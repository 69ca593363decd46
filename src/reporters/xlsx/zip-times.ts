// Records of a ZIP archive (PKWARE APPNOTE 4.3): the end, then one header for each file in the directory and before the file.
const endLength = 22;
const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;

/** 1 January 1980, 0:00, the first time that a ZIP archive can name: no bits set but those of day and month. */
const first = Buffer.from([0x00, 0x00, 0x21, 0x00]);

/** Sets the times of all files in an archive to one that is always the same: whoever writes it takes them from clock and time zone. */
export function withoutTimes(archive: Uint8Array): Buffer {
  const zip = Buffer.from(archive);
  const end = zip.length - endLength;
  if (zip.readUInt32LE(end) !== endSignature) throw new Error('the archive does not end as expected');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== directorySignature) throw new Error('the archive’s directory is not as expected');
    first.copy(zip, at + 12);
    first.copy(zip, zip.readUInt32LE(at + 42) + 10);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return zip;
}

use crystallum_messages::Sheet;

/// Reads the QR code of a sheet as a phone does, from squares of four pixels with a quiet zone
/// around them.
pub fn read_by_a_phone(sheet: &Sheet) -> String {
    /// The pixels on the side of a square, and the squares of the quiet zone.
    const PIXELS: usize = 4;
    const QUIET: usize = 4;
    let size = usize::from(sheet.qr.size);
    let squares = sheet.qr.squares.expose().as_bytes();
    assert_eq!(squares.len(), size * size);
    let whole = (size + 2 * QUIET) * PIXELS;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(whole, whole, |x, y| {
        let at = |pixel: usize| (pixel / PIXELS).checked_sub(QUIET).filter(|square| *square < size);
        match (at(x), at(y)) {
            (Some(column), Some(row)) if squares[row * size + column] == b'1' => 0,
            _ => 255,
        }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code on the sheet");
    grids[0].decode().expect("a sharp picture").1
}

extension BookSide {
  /// Makes the edits collected, all in one: what stands between two of them moves once, by as many places as the edits
  /// before it have added or taken away, instead of once for each.
  mutating func makeEdits() {
    guard edits.count > 0 else { return }
    let sorted = edits.sorted()
    var net = 0
    for edit in sorted { net += edit.inserted == nil ? -1 : 1 }
    reserve(count + net)

    // What moves down can only be in the way of what moves down behind it, so it goes first, from the front on; then
    // what moves up, from the back on.
    var shift = 0
    for place in sorted.indices {
      shift += sorted[place].inserted == nil ? -1 : 1
      if shift < 0 { moveRun(behind: place, in: sorted, by: shift) }
    }
    for place in sorted.indices.reversed() {
      if shift > 0 { moveRun(behind: place, in: sorted, by: shift) }
      shift -= sorted[place].inserted == nil ? -1 : 1
    }

    for edit in sorted {
      guard let entry = edit.inserted else {
        shift -= 1
        continue
      }
      keys[edit.index + shift] = edit.key
      entries[edit.index + shift] = entry
      shift += 1
    }
    count += net
    edits.removeAll()
  }

  /// Moves what stands between the edit at `place` and the next one (or the end).
  @inline(__always)
  private func moveRun(behind place: Int, in sorted: UnsafeMutableBufferPointer<BookEdits.Edit>, by shift: Int) {
    let start = sorted[place].inserted == nil ? sorted[place].index + 1 : sorted[place].index
    let end = place + 1 < sorted.count ? sorted[place + 1].index : count
    let length = end - start
    guard length > 0 else { return }
    UnsafeMutableRawPointer(keys + (start + shift)).copyMemory(
      from: keys + start, byteCount: length * MemoryLayout<Int64>.stride)
    UnsafeMutableRawPointer(entries + (start + shift)).copyMemory(
      from: entries + start, byteCount: length * MemoryLayout<BookEntry>.stride)
  }

  private mutating func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    let newCapacity = max(capacity * 2, needed)
    let newKeys = UnsafeMutablePointer<Int64>.allocate(capacity: newCapacity)
    let newEntries = UnsafeMutablePointer<BookEntry>.allocate(capacity: newCapacity)
    newKeys.update(from: keys, count: count)
    newEntries.update(from: entries, count: count)
    keys.deallocate()
    entries.deallocate()
    keys = newKeys
    entries = newEntries
    capacity = newCapacity
  }
}

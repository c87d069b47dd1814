import CYAML

/// One event of libyaml, in our own words.
enum YAMLEvent {
  case scalar(String, plain: Bool, anchor: String?, tag: String?)
  case sequenceStart(anchor: String?, tag: String?)
  case sequenceEnd
  case mappingStart(anchor: String?, tag: String?)
  case mappingEnd
  case alias(String)
  case documentStart
  case documentEnd
  case streamEnd
}

/// libyaml's event parser over bytes that outlive it. Owns the C parser and every event's memory.
struct YAMLParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: [UInt8]
  private let file: String

  /// - Parameter buffer: the memory of `bytes`, which must stay valid as long as the parser is used
  init?(bytes: [UInt8], buffer: UnsafeBufferPointer<UInt8>, file: String) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    self.bytes = bytes
    self.file = file
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event with its place, or what is wrong with the text. Asking again after an error gives it again.
  mutating func next() -> Result<(event: YAMLEvent, place: Place), SettingsError> {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { return .failure(problem()) }
      defer { yaml_event_delete(&event) }
      if let known = translate(event) { return .success((known, place(event.start_mark))) }
      // Only «no event» (after the end) and the start of the stream mean nothing to us.
      if event.type == YAML_NO_EVENT { return .success((.streamEnd, place(event.start_mark))) }
    }
  }

  private func translate(_ event: yaml_event_t) -> YAMLEvent? {
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        String(decoding: value, as: UTF8.self), plain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
        anchor: text(scalar.anchor), tag: text(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      return .sequenceStart(anchor: text(event.data.sequence_start.anchor), tag: text(event.data.sequence_start.tag))
    case YAML_MAPPING_START_EVENT:
      return .mappingStart(anchor: text(event.data.mapping_start.anchor), tag: text(event.data.mapping_start.tag))
    case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_STREAM_END_EVENT: return .streamEnd
    default: return nil
    }
  }

  private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private func place(_ mark: yaml_mark_t) -> Place {
    Place(file: file, line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
  }

  private func problem() -> SettingsError {
    let said = parser.pointee.problem.map { String(cString: $0) } ?? "not readable as YAML"
    if parser.pointee.error == YAML_READER_ERROR {
      let offset = Int(clamping: parser.pointee.problem_offset)
      return SettingsError(TextCheck.place(of: offset, in: bytes, file: file), "", said)
    }
    let place = place(parser.pointee.problem_mark)
    if TextCheck.hasTabIndentation(line: place.line, in: bytes) {
      return SettingsError(place, "", "a tab in the indentation; YAML takes only spaces there")
    }
    let context = parser.pointee.context.map { "\(String(cString: $0)): " } ?? ""
    return SettingsError(place, "", "not valid YAML: \(context)\(said)")
  }
}

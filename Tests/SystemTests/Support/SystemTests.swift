import Testing

/// The built program with the tools its users have. One test at a time, because each runs several processes.
@Suite("The program", .serialized, .timeLimit(.minutes(2)))
enum ProgramTests {}

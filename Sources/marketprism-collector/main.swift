import Agent
import Venues
let r = Replay(venue: VenueRegistry.venues[0], market: CommandLine.arguments[2] == "spot" ? .spot : .perpetual, output: CommandLine.arguments.count > 3 ? { print(String(decoding: $0.payload, as: UTF8.self)) } : nil)
print(try r.run(path: CommandLine.arguments[1]).text)

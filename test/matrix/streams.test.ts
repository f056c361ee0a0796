// Every packaging in every player, on one of two origins in turn; test/long plays both, and writes the table of the README.
import { describeStreams } from '../players/streams.ts'

describeStreams('one origin in turn')

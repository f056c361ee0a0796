// Every packaging in every player, on the service's own origin and on another: npm run players:table writes what it saw.
import { describeStreams } from '../players/streams.ts'

describeStreams('both origins')

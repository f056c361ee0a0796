// The places of viewers' streams, in one Durable Object an owner and viewer.
import type { StreamPlaces, ViewerName } from '../../domain/playback/places.ts'
import type { ViewerStreams } from '../viewer-streams.ts'

export function streamPlaces(namespace: DurableObjectNamespace<ViewerStreams>, nowMs: () => number): StreamPlaces {
  const streamsOf = ({ ownerId, viewer }: ViewerName) => namespace.getByName(`${ownerId} ${viewer}`)
  return {
    begin: async (viewer, place) => await streamsOf(viewer).begin({ ...place, nowMs: nowMs() }),
    renew: async (viewer, sid) => await streamsOf(viewer).renew(sid, nowMs()),
    async release(viewer, sid) {
      await streamsOf(viewer).release(sid)
    },
  }
}

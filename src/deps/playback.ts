// Composition of private films: keys, tokens, sessions and their end.
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { Config } from '../config/config.ts'
import type { TokenUses, TokenVerifier } from '../domain/playback/admission.ts'
import type { EndingDeps, RevocationStore } from '../domain/playback/ending.ts'
import { knownPieces, type KnownPieces } from '../domain/playback/known-pieces.ts'
import { films, type Films, type FilmStore } from '../domain/playback/films.ts'
import type { ForgottenStreams } from '../domain/playback/forgotten-streams.ts'
import { countedStreams, type CountedStreams } from '../domain/playback/places.ts'
import { playbackRevocations, type PlaybackRevocations } from '../domain/playback/revocations.ts'
import { playbackSessions, type PlaybackSessions } from '../domain/playback/sessions.ts'
import type { PlayStore } from '../domain/playback/plays.ts'
import { watching, type Watching } from '../domain/playback/watching.ts'
import type { OpenDeps } from '../domain/playback/open-stream.ts'
import type { TokenSigner } from '../domain/playback/token-issue.ts'
import type { KeyPairs, TokenKeyStore } from '../domain/playback/token-keys.ts'
import { readClientInfo, type ReadClientInfo } from '../platform/client-info.ts'
import { d1Films, d1TokenKeys } from '../platform/d1/playback-keys.ts'
import type { Outbox } from '../platform/d1/outbox.ts'
import { d1Plays } from '../platform/d1/plays.ts'
import { sendPlays } from '../platform/playback/plays-queue.ts'
import { d1PlaybackRevocations, d1TokenUses } from '../platform/d1/playback-revocations.ts'
import { readText } from '../platform/utf8.ts'
import type { Bindings } from '../platform/bindings.ts'
import { streamPlaces } from '../platform/playback/stream-places.ts'
import { keyPairs } from '../platform/playback/key-pairs.ts'
import { playbackTokens } from '../platform/playback/token-verifier.ts'
import type { World } from './world.ts'

export interface PrivatePlayback {
  readonly films: Films
  readonly filmStore: FilmStore
  /** Both undefined without EDGE_SIGNING_SECRET: then there are no private films. */
  readonly playbackSessions: PlaybackSessions | undefined
  readonly playbackTokens: (TokenVerifier & TokenSigner) | undefined
  readonly playbackRevocations: PlaybackRevocations
  readonly revocationStore: RevocationStore
  readonly tokenKeys: TokenKeyStore
  readonly tokenKeyReferences: EndingDeps['tokenKeyReferences']
  readonly tokenUses: TokenUses
  /** Undefined without the binding. */
  readonly countedStreams: CountedStreams | undefined
  readonly plays: PlayStore
  /** Undefined without the binding. */
  readonly watching: Watching | undefined
  readonly knownPieces: KnownPieces
  readonly keyPairs: KeyPairs
  readonly readClientInfo: ReadClientInfo
  readonly isEdgeDelivery: boolean
  readonly edgeOrigin: string | undefined
  readonly readText: OpenDeps['readText']
}

export function makePrivatePlayback(
  config: Config,
  { STREAMS: streams, PLAYS: queue }: Pick<Bindings, 'STREAMS' | 'PLAYS'>,
  world: World,
  db: DrizzleD1Database,
  forgottenStreams: ForgottenStreams,
  outbox: Outbox,
): PrivatePlayback {
  const { nowMs, pause, randomBytes } = world
  const { edge } = config
  const revocations = d1PlaybackRevocations(db, outbox)
  const filmStore = d1Films(db)
  const tokenKeys = d1TokenKeys(db, outbox)
  const previous = edge?.previousSecret === undefined ? [] : [edge.previousSecret]
  const secrets = edge === undefined ? undefined : ([edge.secret, ...previous] as const)
  return {
    films: films({ filmStore, forgottenStreams, nowMs }),
    filmStore,
    playbackSessions: secrets && playbackSessions(secrets),
    playbackTokens: secrets && playbackTokens(secrets),
    playbackRevocations: playbackRevocations(
      { reader: revocations, nowMs, pause },
      config.playbackRevocationSeconds * 1000,
    ),
    revocationStore: revocations,
    tokenKeys,
    tokenKeyReferences: tokenKeys,
    tokenUses: d1TokenUses(db, nowMs),
    countedStreams: streams && countedStreams({ places: streamPlaces(streams, nowMs), nowMs, pause }),
    plays: d1Plays(db),
    watching: queue && watching({ send: sendPlays(queue), nowMs, randomBytes, pause }),
    knownPieces: knownPieces(),
    keyPairs,
    readClientInfo: readClientInfo(config.believesLocalClients),
    isEdgeDelivery: config.delivery.kind === 'edge',
    edgeOrigin: edge?.origin,
    readText,
  }
}

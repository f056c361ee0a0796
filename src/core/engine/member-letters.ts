// Names of members as the least exact decoder reads them. Pure.

/**
 * What is left of a name: its letters and digits, in lower case and without accents. Decoders match names without case
 * (Go's encoding/json), by their words (`videoId`), without accents or by what stands before a bracket, so two names with
 * the same letters may be one name to the engine.
 */
export function memberLetters(name: string): string {
  // Upper case first: it makes plain letters of a dotless i and a long s.
  const plain = name.normalize('NFKD').toUpperCase().toLowerCase()
  return plain.replace(/[^a-z0-9]/g, '')
}

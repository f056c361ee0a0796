// Every bound of the rewriter, with its reason. Pure.

/** Longest object key R2 and S3 take, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024

/** Bytes of `users/<uuid>/hls/<uuid>/`, which stand before every path of a stream. */
const FOLDER_BYTES = 84

/** Longest decoded path below a stream's folder, in bytes of UTF-8. */
export const MAX_PATH_BYTES = MAX_KEY_BYTES - FOLDER_BYTES

/** Most characters that variable references may add to one playlist: `{$a}{$a}` nested 30 deep would add gigabytes. */
export const MAX_EXPANSION_CHARS = 2 * 1024 * 1024

/** Most variables handed to a child playlist, so that its address stays below what players take (ffmpeg: 4,096). */
export const MAX_CARRIED_VARIABLES = 32

/** Most characters of query those variables may take. */
export const MAX_CARRIED_CHARS = 1024

/**
 * Most characters of a rewritten text. 2 MiB of one-letter lines would grow 200-fold; an isolate has 128 MB, and the
 * longest honest playlist (some 90,000 segments of 390 characters) stays below this.
 */
export const MAX_OUTPUT_CHARS = 40 * 1024 * 1024

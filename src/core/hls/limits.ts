// Every bound of the rewriter, with its reason. Pure.

/** Longest object key R2 and S3 take, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024

/** Bytes of `users/<uuid>/hls/<uuid>/`, which stand before every path of a stream. */
const FOLDER_BYTES = 84

/** Longest decoded path below a stream's folder, in bytes of UTF-8. */
export const MAX_PATH_BYTES = MAX_KEY_BYTES - FOLDER_BYTES

/** Most URIs of one text. 2 MiB hold a million lines of one letter; an honest segment takes 16 characters or more. */
export const MAX_SITES = 131_072

export const TOO_MANY_SITES = 'too many URIs'

/** Most characters that variables may add to one playlist: `{$a}{$a}` nested 30 deep would add gigabytes. */
export const MAX_EXPANSION_CHARS = 2 * 1024 * 1024

/** Most variables handed to a child playlist: its address must stay below what players take (ffmpeg: 4,096). */
export const MAX_CARRIED_VARIABLES = 32

/** Most characters of query those variables may take. */
export const MAX_CARRIED_CHARS = 1024

/**
 * Most characters of a rewritten text without the URLs of its leaves, which is in memory before anything is printed:
 * an isolate has 128 MB.
 */
export const MAX_OUTPUT_CHARS = 40 * 1024 * 1024

/** Most characters with them. They are printed as they are sent; the longest honest playlist has some 45 million. */
export const MAX_PRINTED_CHARS = 64 * 1024 * 1024

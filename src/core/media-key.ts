// Where a video's objects lie in the bucket. Pure: the one place that spells these paths.

/** The folder that holds everything one user owns, with its closing slash. */
export function userFolder(userId: string): string {
  return `users/${userId}/`
}

/** The folder of one stream: nothing outside it is ever signed for its playlists. */
export function streamFolder(userId: string, jobId: string): string {
  return `users/${userId}/hls/${jobId}/`
}

export function thumbnailKey(userId: string, jobId: string): string {
  return `users/${userId}/thumbnails/${jobId}.jpg`
}

/** The stream's entry playlist, relative to its folder. */
export const ENTRY_PLAYLIST = 'index.m3u8'

// Where the measured playlists lie, and with whose credentials their segments are signed: the same for every case.

export const FOLDER = 'users/0b8c6f0e-2f0e-4f7a-9a34-6f1f2a9f3c11/hls/5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22/'
export const API_BASE = '/api/playback/stream/5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22/'
export const ENDPOINT = 'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com'
export const BUCKET = 'lynxgate-media'
export const REGION = 'auto'
export const ACCESS_KEY_ID = '0123456789abcdef0123456789abcdef'
export const SECRET_ACCESS_KEY = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
export const EXPIRES_SECONDS = 13_500

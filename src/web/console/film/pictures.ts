// JPEG pictures as thumbnails are: of a film's frame, or of any picture that the browser can read.

const WIDTH = 1280
const QUALITY = 0.86

/** What the player shows; rejects while it shows nothing. */
export async function frameOf(video: HTMLVideoElement): Promise<Blob> {
  if (video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) throw new Error('no frame')
  return await toJpeg(video, video.videoWidth, video.videoHeight)
}

/** Rejects for a file that is no picture. */
export async function pictureOf(file: File): Promise<Blob> {
  const bitmap = await createImageBitmap(file)
  try {
    return await toJpeg(bitmap, bitmap.width, bitmap.height)
  } finally {
    bitmap.close()
  }
}

async function toJpeg(source: CanvasImageSource, width: number, height: number): Promise<Blob> {
  const scale = Math.min(1, WIDTH / width)
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height)
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)), 'image/jpeg', QUALITY)
  })
}

// Entry of the watch page.
const { default: Hls } = await import('hls.js')
document.documentElement.dataset['hls'] = Hls.version

// The pages in Spanish.
import type { Texts } from './texts.ts'

export const es: Texts = {
  home: {
    title: 'Películas privadas, en cualquier reproductor.',
    text: 'lynxgate es la puerta de entrada para API de vídeo: comprueba quién pregunta, firma cada dirección de una lista y mantiene válidas las firmas hasta que termina la película.',
    reference: 'Referencia de la API',
    health: 'Estado del servicio',
    demo: {
      title: 'Ver la película de muestra',
      text: 'Tres calidades, dos idiomas, subtítulos y vistas previas, desde un almacenamiento privado.',
    },
    branded: 'Aquí se muestran películas a quienes tienen el enlace.',
  },
  toStart: 'A la página de inicio',
  notFound: {
    title: 'Aquí no hay nada',
    text: 'El enlace es incorrecto, o ya no existe lo que mostraba. Los enlaces son largos y distinguen mayúsculas: ¿se ha cortado?',
  },
  noFilm: {
    title: 'Esta película no está disponible',
    text: 'Se ha retirado o desactivado, o el enlace es incorrecto.',
  },
  refused: 'Esta película no se puede mostrar aquí',
  refusals: {
    token_required: 'Es privada. Ábrala con el enlace que recibió.',
    token_invalid: 'Es privada, y este enlace no la abre. Pida uno nuevo.',
    token_expired: 'Este enlace ha caducado. Pida uno nuevo.',
    token_not_yet_valid: 'Este enlace aún no es válido. Inténtelo más tarde.',
    token_used: 'Este enlace ya se ha usado tantas veces como se permite. Pida uno nuevo.',
    country: 'No se muestra en su país.',
    network: 'No se muestra en su red.',
    page: 'No está permitida en esta página.',
    too_many_streams: 'Demasiados dispositivos suyos están reproduciendo a la vez. Detenga uno primero.',
    session_invalid: 'Hay que volver a iniciar la reproducción. Recargue la página.',
    session_ended: 'La reproducción ha terminado. Recargue la página para volver a empezar.',
    quality: 'No se muestra en esta calidad.',
  },
  problem: {
    title: 'No ha funcionado',
    text: 'El problema es nuestro. Inténtelo de nuevo en un minuto.',
  },
  player: {
    label: 'Reproductor de vídeo',
    preparing: 'Esta película aún se está preparando. Empezará aquí por sí sola cuando esté lista.',
    failed: 'No se pudo preparar esta película.',
    failedOriginal: 'No se pudo preparar: este es el archivo tal como se subió.',
    unplayable: 'Esta película no se puede reproducir en un navegador.',
    download: 'Descargar el original',
    noScript:
      'La calidad, los idiomas y las vistas previas necesitan JavaScript. Sin él, su navegador reproduce la película si puede.',
    openOriginal: 'Abrir el archivo original',
  },
  share: {
    off: 'La reproducción de esta película ha terminado.',
    privateOff: 'Esta película es privada y no se puede mostrar aquí.',
    length: 'Duración',
    shared: 'Compartida',
    report: 'Informe',
    unreadable: 'El informe de esta película no se puede mostrar.',
    table: 'Tabla',
    goTo: (moment) => `Ir a ${moment}`,
    more: (count) => `… y ${count} más`,
  },
}

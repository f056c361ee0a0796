// The pages in French.
import type { Texts } from './texts.ts'

export const fr: Texts = {
  home: {
    title: 'Des films privés, dans tous les lecteurs.',
    text: 'lynxgate est la passerelle des API vidéo : elle vérifie qui demande, signe chaque adresse d’une playlist et garde les signatures valables jusqu’à la fin du film.',
    reference: 'Référence de l’API',
    health: 'État du service',
    demo: {
      title: 'Regarder le film de démonstration',
      text: 'Trois qualités, deux langues, sous-titres et aperçus, depuis un stockage privé.',
    },
    branded: 'Les films sont montrés ici à toutes les personnes qui en ont le lien.',
  },
  toStart: 'Vers la page d’accueil',
  notFound: {
    title: 'Il n’y a rien ici',
    text: 'Le lien est faux, ou ce qu’il désignait n’existe plus. Les liens sont longs et sensibles à la casse : a-t-il été coupé ?',
  },
  noFilm: {
    title: 'Ce film n’est pas disponible',
    text: 'Il a été retiré ou désactivé, ou le lien est faux.',
  },
  refused: 'Ce film ne peut pas vous être montré ici',
  refusals: {
    token_required: 'Il est privé. Ouvrez-le avec le lien que vous avez reçu.',
    token_invalid: 'Il est privé, et ce lien ne l’ouvre pas. Demandez-en un nouveau.',
    token_expired: 'Ce lien a expiré. Demandez-en un nouveau.',
    token_not_yet_valid: 'Ce lien n’est pas encore valable. Réessayez plus tard.',
    token_used: 'Ce lien a déjà été utilisé autant de fois que permis. Demandez-en un nouveau.',
    country: 'Il n’est pas montré dans votre pays.',
    network: 'Il n’est pas montré sur votre réseau.',
    page: 'Il n’est pas autorisé sur cette page.',
    too_many_streams: 'Trop de vos appareils lisent en même temps. Arrêtez-en un d’abord.',
    session_invalid: 'La lecture doit être relancée. Rechargez la page.',
    session_ended: 'La lecture est terminée. Rechargez la page pour recommencer.',
    quality: 'Il n’est pas montré dans cette qualité.',
  },
  problem: {
    title: 'Cela n’a pas fonctionné',
    text: 'Le problème vient de chez nous. Veuillez réessayer dans une minute.',
  },
  player: {
    label: 'Lecteur vidéo',
    preparing: 'Ce film est encore en préparation. Il démarrera ici tout seul dès qu’il sera prêt.',
    failed: 'La préparation de ce film a échoué.',
    failedOriginal: 'La préparation a échoué : voici le fichier tel qu’il a été envoyé.',
    unplayable: 'Ce film ne peut pas être lu dans un navigateur.',
    download: 'Télécharger l’original',
    noScript:
      'La qualité, les langues et les aperçus demandent JavaScript. Sans lui, votre navigateur lit le film s’il le peut.',
    openOriginal: 'Ouvrir le fichier original',
  },
  share: {
    off: 'La lecture de ce film a été arrêtée.',
    privateOff: 'Ce film est privé et ne peut pas être montré ici.',
    length: 'Durée',
    shared: 'Partagé',
    report: 'Rapport',
    unreadable: 'Le rapport de ce film ne peut pas être affiché.',
    table: 'Tableau',
    goTo: (moment) => `Aller à ${moment}`,
    more: (count) => `… et ${count} de plus`,
  },
}

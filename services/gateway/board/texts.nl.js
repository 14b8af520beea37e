/* Alle woorden van de pagina, per onderdeel. Korte, actieve zinnen in gewone taal. Namen tussen { } worden ingevuld. */
import done from "./texts_done.nl.js";
import duos from "./texts_duos.nl.js";
import figures from "./texts_figures.nl.js";
import frame from "./texts_frame.nl.js";
import help from "./texts_help.nl.js";
import letters from "./texts_letters.nl.js";
import people from "./texts_people.nl.js";
import problem from "./texts_problem.nl.js";
import profile from "./texts_profile.nl.js";
import programmes from "./texts_programmes.nl.js";
import proposals from "./texts_proposals.nl.js";
import register from "./texts_register.nl.js";
import tables from "./texts_tables.nl.js";
import today from "./texts_today.nl.js";
import waiting from "./texts_waiting.nl.js";
import why from "./texts_why.nl.js";

export default {
    ...done, ...duos, ...figures, ...frame, ...help, ...letters, ...people, ...problem,
    ...profile, ...programmes, ...proposals, ...register, ...tables, ...today, ...waiting, ...why,
};

//! The words of answers: labels of fields, choices, states.

use super::texts;

texts! {
    YES_WORD "Yes" "Sí";
    NO_WORD "No" "No";
    CHOOSE "Choose" "Elija";
    MONTH "Month" "Mes";
    DAY "Day" "Día";
    YEAR "Year" "Año";
    UNSAID_WORD "I prefer not to say" "Prefiero no decirlo";

    NUMBER_ANSWER "Your answer, as a number" "Su respuesta, en números";
    NUMBER_OPTIONAL "Your answer, as a number (optional)" "Su respuesta, en números (opcional)";

    WHO_PATIENT "I am the patient" "Soy la paciente o el paciente";
    WHO_PARENT "I am the patient’s parent" "Soy la madre o el padre del paciente";
    WHO_HELPER "I am helping the patient" "Ayudo al paciente";

    GIVEN "First name" "Nombre";
    MIDDLE "Middle name (optional)" "Segundo nombre (opcional)";
    FAMILY "Last name" "Apellidos";
    SUFFIX "Suffix, like Jr. (optional)" "Sufijo, como Jr. (opcional)";
    PREFERRED "Name we should call you (optional)" "Cómo quiere que le llamemos (opcional)";
    PHONE "Phone number" "Número de teléfono";
    MAY_TEXT "May we send text messages to this number?" "¿Podemos enviar mensajes de texto a este número?";

    CH_ADDRESS "Address or email" "Dirección o correo electrónico";
    CH_INSURANCE "Insurance" "Seguro";
    CH_EMERGENCY "Emergency contact" "Contacto de emergencia";
    CH_DETAILS "Something about me" "Algo sobre mí";
    CH_NOTHING "Nothing has changed" "Nada ha cambiado";

    FEMALE "Female" "Femenino";
    MALE "Male" "Masculino";
    SEX_UNKNOWN "Not sure, or something else" "No lo sé, u otra respuesta";
    GENDER "Gender, in your words (optional)" "Género, en sus palabras (opcional)";
    PRONOUNS "Pronouns (optional)" "Pronombres (opcional)";
    INTERPRETER "An interpreter is needed. It is free." "Se necesita un intérprete. Es gratis.";

    RACE_WHITE "White" "Blanca";
    RACE_BLACK "Black or African American" "Negra o afroamericana";
    RACE_NATIVE "American Indian or Alaska Native" "Indígena de las Américas o nativa de Alaska";
    RACE_ASIAN "Asian" "Asiática";
    RACE_PACIFIC "Native Hawaiian or Pacific Islander" "Nativa de Hawái o de otra isla del Pacífico";
    RACE_OTHER "Another race" "Otra raza";
    HISPANIC "Yes, Hispanic or Latino" "Sí, de origen hispano o latino";
    NOT_HISPANIC "No, not Hispanic or Latino" "No, no es de origen hispano ni latino";

    STREET "Street and number" "Calle y número";
    STREET2 "Apartment (optional)" "Apartamento (opcional)";
    NO_ADDRESS "No fixed address" "Sin domicilio fijo";
    CITY "City" "Ciudad";
    STATE "State" "Estado";
    ZIP "ZIP code" "Código postal";
    EMAIL "Email (optional)" "Correo electrónico (opcional)";

    INS_SAME "Yes, the same" "Sí, el mismo";
    INS_NEW_CARDS "No, I have a new card" "No, tengo una tarjeta nueva";
    INS_NONE_NOW "No, I have no insurance now" "No, ahora no tengo seguro";
    INS_YES "Yes, I have insurance" "Sí, tengo seguro";
    INS_NO "No, I will pay myself" "No, pagaré por mi cuenta";

    PAYER "Insurance company" "Compañía de seguros";
    MEMBER_ID "Member ID" "Número de miembro";
    GROUP "Group number (optional)" "Número de grupo (opcional)";
    HOLDER_SELF "The patient’s own" "Del propio paciente";
    HOLDER_SPOUSE "The patient’s husband’s or wife’s" "Del esposo o la esposa del paciente";
    HOLDER_CHILD "The patient’s mother’s or father’s" "De la madre o el padre del paciente";
    HOLDER_OTHER "Someone else’s" "De otra persona";
    HOLDER_BIRTH "Holder’s date of birth" "Fecha de nacimiento del titular";
    HOLDER_SEX "Holder’s sex on the insurance record" "Sexo del titular en los datos del seguro";

    RELATIONSHIP "Relationship" "Relación";
    H_RELATIONSHIP "To the patient, like mother or friend" "Con el paciente, como madre o amigo";
    I_AM_PARENT "I am the parent filling this in" "Soy la madre o el padre que llena esto";
    PARENT_WORD "parent" "madre o padre";
    SAME_PERSON "Same as emergency contact" "Igual que el contacto de emergencia";
    BIRTH_OPTIONAL "Date of birth (optional)" "Fecha de nacimiento (opcional)";

    REASON "Reason for the visit" "Motivo de la visita";
    YOUR_ANSWER "Your answer" "Su respuesta";
    ANSWER_OPTIONAL "Your answer (optional)" "Su respuesta (opcional)";

    PAGE "Page {n} of {m}" "Página {n} de {m}";
    PAGE_BACK "Page back" "Página anterior";
    PAGE_NEXT "Next page" "Página siguiente";
    AGREE "I agree" "Acepto";
    DECLINE "I do not agree" "No acepto";
    ACKNOWLEDGE "I was given this notice" "Recibí este aviso";
    NOT_NOW "Not now" "Ahora no";
    DECLINED_NOTE "You said that you do not agree. That is noted. The front desk will talk with you about it." "Usted dijo que no acepta. Queda anotado. En la recepción hablarán con usted sobre esto.";
    NOTICE_NOTE "That is fine. You will get the same care. You can ask for the notice at any time." "Está bien. Recibirá la misma atención. Puede pedir el aviso en cualquier momento.";
    SIGN_HERE "Sign with your finger" "Firme con el dedo";
    SIGNATURE_ALT "Your signature" "Su firma";
    CLEAR "Clear" "Borrar";
    TYPED_NAME "Type your full name" "Escriba su nombre completo";
    AS_PATIENT "You sign as the patient." "Usted firma como paciente.";
    AS_PARENT "You sign as the patient’s parent." "Usted firma como madre o padre del paciente.";
    AS_HELPER "You sign for the patient. The front desk may ask for papers." "Usted firma en nombre del paciente. En la recepción pueden pedirle documentos.";

    CHANGE "Change" "Cambiar";
    R_WHO "Filled in by" "Llenado por";
    R_NAME "Name" "Nombre";
    R_BIRTH "Date of birth" "Fecha de nacimiento";
    R_PHONE "Phone" "Teléfono";
    R_BEFORE "Here before" "Ha venido antes";
    R_CHANGED "Changed" "Cambios";
    R_SEX "Sex on insurance record" "Sexo en los datos del seguro";
    R_MORE "Gender, pronouns, interpreter" "Género, pronombres, intérprete";
    R_RACE "Race" "Raza";
    R_ETHNICITY "Ethnicity" "Etnia";
    R_ADDRESS "Address" "Dirección";
    R_EMAIL "Email" "Correo electrónico";
    R_INSURANCE "Insurance" "Seguro";
    R_CARD "Card photos" "Fotos de la tarjeta";
    R_COVERAGE "On the card" "En la tarjeta";
    R_HOLDER "Insurance holder" "Titular del seguro";
    R_SECOND "Second insurance" "Segundo seguro";
    R_EMERGENCY "Emergency contact" "Contacto de emergencia";
    R_GUARANTOR "Who pays" "Quién paga";
    R_REASON "Reason" "Motivo";
    R_EMPTY "No answer" "Sin respuesta";
    R_AGREED "Agreed and signed" "Aceptado y firmado";
    R_RECEIVED "Received and signed" "Recibido y firmado";
    R_DECLINED "Declined" "No aceptado";
    R_PHOTOS "{n} photos" "{n} fotos";
    R_TRUE "By sending, you say that these answers are true as far as you know." "Al enviar, usted dice que, hasta donde sabe, estas respuestas son verdaderas.";
    R_NEXT "What happens next" "Qué pasa después";
    R_NEXT_TEXT "The front desk checks your answers and calls you." "En la recepción revisarán sus respuestas y le llamarán por su nombre.";
}

//! The words around the questions: frame, welcome, staff, thanks.

use super::texts;

texts! {
    CONTINUE "Continue" "Continuar";
    BACK "Back" "Atrás";
    HELP "Ask for help" "Pedir ayuda";
    HELP_TITLE "We are here to help" "Estamos para ayudarle";
    HELP_TEXT "A member of staff will help you. Please go to the front desk." "Un miembro del personal le ayudará. Por favor, vaya a la recepción.";
    HELP_KEEP "Your answers stay on this tablet while you ask." "Sus respuestas se quedan en esta tableta mientras pregunta.";
    CLOSE "Close" "Cerrar";
    GO_BACK "Go back to the question" "Volver a la pregunta";
    LANGUAGES "Language, Idioma" "Idioma, Language";
    STEP "Step" "Paso";
    OF "of" "de";
    WHY "Why we ask" "Por qué preguntamos";
    PROBLEM "There is a problem" "Hay un problema";
    ERROR_PREFIX "Error:" "Error:";
    KEPT "Your answers are saved on this tablet as you go." "Sus respuestas se guardan en esta tableta a medida que avanza.";
    KEPT_OFFLINE "Saved on this tablet. It will be sent to the clinic when the network is back." "Guardado en esta tableta. Se enviará a la clínica cuando vuelva la conexión.";

    STARTING "One moment, please" "Un momento, por favor";
    OTHER_TAB_TITLE "Check-in is open in another tab" "El registro está abierto en otra pestaña";
    OTHER_TAB "Close this tab and use the other one. If there is no other one, close the browser and open it again." "Cierre esta pestaña y use la otra. Si no hay otra, cierre el navegador y ábralo de nuevo.";
    SHUT_OUT_TITLE "This tablet is not in use" "Esta tableta no está en uso";
    SHUT_OUT "Please check in at the front desk. Staff: the practice shut this tablet out. What was entered here before goes to the clinic. To use it again, erase this site’s data in the browser and enrol it anew." "Por favor, regístrese en la recepción. Personal: la clínica bloqueó esta tableta. Lo que se registró aquí antes llega a la clínica. Para usarla de nuevo, borre los datos de este sitio en el navegador y regístrela otra vez.";
    BROKEN_TITLE "This tablet cannot save answers" "Esta tableta no puede guardar respuestas";
    BROKEN "Please check in at the front desk. Staff: restart this tablet. If that does not help, call your support." "Por favor, regístrese en la recepción. Personal: reinicie esta tableta. Si no ayuda, llame a soporte.";

    WELCOME "Welcome" "Le damos la bienvenida";
    WELCOME_TEXT "Check in here for your visit. It takes about five minutes. You can also check in at the front desk." "Regístrese aquí para su visita. Toma unos cinco minutos. También puede registrarse en la recepción.";
    OWN_PHONE "Or use your own phone: point its camera here." "O use su propio teléfono: apunte la cámara aquí.";
    START "Start" "Empezar";
    CHECK_IN "I have an appointment and have been here before" "Tengo cita y ya he venido antes";
    CHECKS_IN "Checks in for a visit" "Se registra para una cita";
    STAFF "Staff" "Personal";
    DEMO "Demo. Made-up data only." "Demostración. Solo datos inventados.";

    ENROL_TITLE "Set up this tablet" "Prepare esta tableta";
    ENROL_1 "On a staff computer, open Devices and make a code for a kiosk." "En una computadora del personal, abra Dispositivos y cree un código para un kiosco.";
    ENROL_2 "Type the code here. It works once." "Escriba el código aquí. Sirve una sola vez.";
    ENROL_CODE "Enrollment code" "Código de activación";
    ENROL_GO "Set up" "Preparar";
    ENROL_EMPTY "Enter the code that the staff computer shows" "Escriba el código que muestra la computadora del personal";
    ENROL_WRONG "This code is not valid. Make a new code on the staff computer and try again." "Este código no es válido. Cree otro en la computadora del personal e inténtelo de nuevo.";
    ENROL_OFFLINE "The clinic’s server cannot be reached. Check the network and try again." "No hay conexión con el servidor de la clínica. Revise la red e inténtelo de nuevo.";
    ENROL_WAIT "Too many tries. Wait a minute and try again." "Demasiados intentos. Espere un minuto e inténtelo de nuevo.";
    ENROL_FAILED "The server could not set up this tablet. Try again, or call your support." "El servidor no pudo preparar esta tableta. Inténtelo de nuevo o llame a soporte.";
    ENROL_VERSION "This page and the server do not fit together. Reload this page and try again." "Esta página y el servidor no coinciden. Vuelva a cargar la página e inténtelo de nuevo.";
    NOT_KEPT "This browser may delete what is saved here, so it cannot be a kiosk. Add this page to the Home Screen, open it from there, and try again." "Este navegador puede borrar lo que se guarda aquí, por eso no puede ser un kiosco. Agregue esta página a la pantalla de inicio, ábrala desde allí e inténtelo de nuevo.";
    NOT_KEPT_DEMO "This browser may delete what is saved here. That is fine for a demo, not for patients." "Este navegador puede borrar lo que se guarda aquí. Está bien para una demostración, no para pacientes.";
    STORE_FULL "This tablet is full. Your answers are still here. Please go to the front desk." "Esta tableta está llena. Sus respuestas siguen aquí. Por favor, vaya a la recepción.";
    STORE_FAILED "This tablet could not save. Your answers are still here. Try again, or go to the front desk." "Esta tableta no pudo guardar. Sus respuestas siguen aquí. Inténtelo de nuevo o vaya a la recepción.";

    PIN_TITLE "For staff only" "Solo para el personal";
    PIN "Staff PIN" "PIN del personal";
    PIN_ENTER "Open" "Abrir";
    PIN_DELETE "Delete" "Borrar";
    PIN_WRONG "This PIN is not right. Try again." "Este PIN no es correcto. Inténtelo de nuevo.";
    PIN_WAIT "Too many wrong PINs. Wait one minute and try again." "Demasiados PIN incorrectos. Espere un minuto e inténtelo de nuevo.";
    STAFF_TITLE "This kiosk" "Este kiosco";
    STAFF_LABEL "Name" "Nombre";
    STAFF_SITE "Place" "Lugar";
    STAFF_SAVED "Saved on this tablet, not sent yet" "Guardado en esta tableta, sin enviar";
    STAFF_SENT "Sent to clinic, not confirmed yet" "Enviado a la clínica, sin confirmar";
    STAFF_DECIDE "Needs attention" "Necesita atención";
    STAFF_OLDEST "Oldest one not sent" "El más antiguo sin enviar";
    STAFF_HEARD "Server last answered" "Última respuesta del servidor";
    STAFF_NETWORK "Network" "Conexión";
    STAFF_STORAGE "Storage" "Almacenamiento";
    STAFF_UPDATE "New version" "Versión nueva";
    ONLINE "The server answers" "El servidor responde";
    OFFLINE "No answer from the server" "El servidor no responde";
    STORAGE_OK "The browser keeps it" "El navegador lo conserva";
    STORAGE_WEAK "The browser may delete it" "El navegador puede borrarlo";
    UPDATE_SOON "Will start at the welcome screen" "Empezará en la pantalla de bienvenida";
    NONE "none" "ninguno";
    BACK_TO_PATIENTS "Back to patients" "Volver a los pacientes";

    STILL_TITLE "Are you still there?" "¿Sigue ahí?";
    STILL_TEXT "To keep your answers private, this screen will clear in {n} seconds." "Para proteger su privacidad, esta pantalla se borrará en {n} segundos.";
    STILL_LEFT "{n} seconds left" "Quedan {n} segundos";
    MORE_TIME "I need more time" "Necesito más tiempo";
    ERASE "Erase my answers" "Borrar mis respuestas";

    THANKS "Thank you" "Gracias";
    THANKS_TEXT "Please take a seat. We will call you." "Por favor, tome asiento. Le llamaremos por su nombre.";
    THANKS_OFFLINE "It will be sent to the clinic when the network is back. You do not need to wait here." "Se enviará a la clínica cuando vuelva la conexión. No tiene que esperar junto a la tableta.";
    THANKS_DESK "Please tell the front desk that you have checked in." "Por favor, avise en la recepción que ya se registró.";
    FINISH "Finish" "Terminar";
    SENDING "Saving" "Guardando";
    REFUSED "We could not save this. Please check your answers or go to the front desk." "No pudimos guardar esto. Revise sus respuestas o vaya a la recepción.";
}

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.RangeQuestion;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;

/** A respondent who answers at random, and an enumerator who goes through the form as it leads. */
final class Walk {
    private final Form form;
    private final Map<String, Object> pool;
    private final Set<String> leave = new HashSet<>();
    private final double blank;
    private final double more;
    private final int rows;
    private final int tries;
    private final Random random;
    private final List<Object> asked = new ArrayList<>();
    private String stuck;
    private String why;
    private boolean failed;
    private boolean over;

    Walk(Form form, Map<String, Object> how, long seed) {
        this.form = form;
        this.pool = Driver.map(how.get("pool"));
        for (Object path : Driver.list(how.get("leave"))) leave.add(String.valueOf(path));
        this.blank = ((Number) how.get("blank")).doubleValue();
        this.more = ((Number) how.get("more")).doubleValue();
        this.rows = ((Number) how.get("rows")).intValue();
        this.tries = ((Number) how.get("tries")).intValue();
        this.random = new Random(seed);
    }

    /** From the first question to the end of the form, or to where nobody can go on. */
    void walk() {
        FormEntryModel model = new FormEntryModel(form.def);
        try {
            walk(model);
        } catch (RuntimeException fault) {
            FormIndex at = model.getFormIndex();
            failed = true;
            stuck = at.isInForm() ? at.getReference().toString(false) : "/";
            why = "the engine stops: " + Driver.told(fault);
        }
    }

    /** Whether the engine itself gave up. */
    boolean failed() { return failed; }

    private void walk(FormEntryModel model) {
        FormEntryController phone = new FormEntryController(model);
        int event;
        while ((event = phone.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM && !over) {
            if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT) {
                if (model.getFormIndex().getElementMultiplicity() < rows && random.nextDouble() < more) phone.newRepeat();
            } else if (event == FormEntryController.EVENT_QUESTION) {
                ask(model, phone);
            }
        }
    }

    List<Object> asked() { return asked; }

    String stuck() { return stuck; }

    String why() { return why; }

    private void ask(FormEntryModel model, FormEntryController phone) {
        FormIndex at = model.getFormIndex();
        TreeElement node = form.node(at.getReference());
        String path = Form.path(node);
        if (!node.isEnabled()) {
            if (node.isRequired() && node.getValue() == null && stuck == null) barred(path);
            return;
        }
        if (leave.contains(node.getRef().genericize().toString(false))) return;
        FormEntryPrompt prompt = model.getQuestionPrompt();
        List<SelectChoice> choices = Form.choices(prompt);
        int refused = 0;
        boolean answered = false;
        boolean tempted = node.isRequired() || random.nextDouble() >= blank;
        if (tempted) {
            for (String text : candidates(prompt, node, choices)) {
                IAnswerData answer = form.answer(at.getReference(), text);
                if (answer == null) continue;
                if (phone.answerQuestion(at, answer, true) == FormEntryController.ANSWER_OK) {
                    answered = true;
                    break;
                }
                refused++;
            }
        }
        asked.add(Arrays.asList(path, choices == null ? -1 : choices.size(), refused, answered));
        if (!answered && tempted && node.isRequired()) {
            stop(path, choices != null && choices.isEmpty() ? "no choice is offered" : "no answer is allowed");
        }
    }

    private void stop(String path, String reason) {
        if (stuck == null) {
            stuck = path;
            why = reason;
        }
        over = true;
    }

    /** A note that must be answered bars the way; the walk goes on, to see what lies behind it. */
    private void barred(String path) {
        stuck = path;
        why = "required but read only";
    }

    /** Answers to try, likely ones first, then every single choice. */
    private List<String> candidates(FormEntryPrompt prompt, TreeElement node, List<SelectChoice> choices) {
        List<String> found = new ArrayList<>();
        if (choices == null) {
            List<Object> known = Driver.list(pool.get(node.getRef().genericize().toString(false)));
            for (int i = 0; i < tries; i++) {
                boolean drawn = !known.isEmpty() && (i % 3 != 2);
                found.add(drawn ? String.valueOf(known.get(random.nextInt(known.size()))) : invented(prompt));
            }
            for (Object each : known) found.add(String.valueOf(each));
            return found;
        }
        List<String> codes = new ArrayList<>();
        for (SelectChoice choice : choices) codes.add(choice.getValue());
        Collections.shuffle(codes, random);
        if (prompt.getControlType() == Constants.CONTROL_SELECT_MULTI) {
            for (int i = 0; i < tries && !codes.isEmpty(); i++) {
                int many = 1;
                while (many < codes.size() && random.nextDouble() < 0.5) many++;
                found.add(String.join(" ", codes.subList(0, many)));
                Collections.shuffle(codes, random);
            }
        }
        if (prompt.getControlType() == Constants.CONTROL_RANK && !codes.isEmpty()) found.add(String.join(" ", codes));
        found.addAll(codes);
        return found;
    }

    private String invented(FormEntryPrompt prompt) {
        if (prompt.getQuestion() instanceof RangeQuestion) return ranged((RangeQuestion) prompt.getQuestion());
        switch (prompt.getControlType()) {
            case Constants.CONTROL_TRIGGER: return "OK";
            case Constants.CONTROL_UPLOAD:
            case Constants.CONTROL_IMAGE_CHOOSE:
            case Constants.CONTROL_AUDIO_CAPTURE:
            case Constants.CONTROL_VIDEO_CAPTURE:
            case Constants.CONTROL_FILE_CAPTURE:
            case Constants.CONTROL_OSM_CAPTURE: return "file.jpg";
            default: break;
        }
        switch (prompt.getDataType()) {
            case Constants.DATATYPE_INTEGER:
            case Constants.DATATYPE_LONG: return String.valueOf(number());
            case Constants.DATATYPE_DECIMAL: return String.valueOf(number() + random.nextInt(10) / 10.0);
            case Constants.DATATYPE_DATE: return day().toString();
            case Constants.DATATYPE_TIME: return time();
            case Constants.DATATYPE_DATE_TIME: return day() + "T" + time();
            case Constants.DATATYPE_GEOPOINT: return point();
            case Constants.DATATYPE_GEOTRACE: return point() + "; " + point() + "; " + point();
            case Constants.DATATYPE_GEOSHAPE:
                String corner = point();
                return corner + "; " + point() + "; " + point() + "; " + corner;
            default: return words();
        }
    }

    /** Small numbers mostly, ages and years sometimes. */
    private int number() {
        int kind = random.nextInt(10);
        if (kind < 5) return random.nextInt(10);
        if (kind < 8) return random.nextInt(100);
        if (kind < 9) return 1900 + random.nextInt(150);
        return random.nextInt(10000);
    }

    private String ranged(RangeQuestion range) {
        BigDecimal step = range.getRangeStep().abs();
        BigDecimal low = range.getRangeStart().min(range.getRangeEnd());
        BigDecimal width = range.getRangeStart().max(range.getRangeEnd()).subtract(low);
        int steps = step.signum() == 0 ? 0 : width.divideToIntegralValue(step).intValue();
        return low.add(step.multiply(BigDecimal.valueOf(random.nextInt(steps + 1)))).toPlainString();
    }

    private LocalDate day() {
        long today = form.now.getTime() / 86_400_000L;
        return LocalDate.ofEpochDay(today - random.nextInt(random.nextBoolean() ? 60 : 30_000) + random.nextInt(20));
    }

    private String time() {
        return String.format(Locale.ROOT, "%02d:%02d:00.000", random.nextInt(24), random.nextInt(60));
    }

    private String point() {
        return String.format(Locale.ROOT, "%.4f %.4f 0 5", random.nextDouble() * 160 - 80, random.nextDouble() * 340 - 170);
    }

    private String words() {
        switch (random.nextInt(4)) {
            case 0: return "other";
            case 1: return String.valueOf(random.nextInt(1_000_000));
            case 2: return "A name";
            default: return "something else " + random.nextInt(100);
        }
    }
}

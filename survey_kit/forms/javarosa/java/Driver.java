import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.util.MathUtils;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.core.model.ValidateOutcome;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.opendatakit.validate.ErrorListener;
import org.opendatakit.validate.FormValidator;

/**
 * JavaRosa, the engine of the phones, as a process that answers questions about forms.
 *
 * One JSON object a line comes in, with what is to be done under "do"; one goes out. A failure
 * is {"error": kind, "said": message}; the process lives on.
 */
public final class Driver {
    private final Map<Long, Form> forms = new HashMap<>();
    private long loaded;

    private Driver() { }

    public static void main(String[] arguments) throws Exception {
        Writer out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
        System.setOut(new PrintStream(System.err, true, "UTF-8"));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Phone.switchOn();
        Driver driver = new Driver();
        String line;
        while ((line = in.readLine()) != null) {
            out.write(driver.answered(line));
            out.write("\n");
            out.flush();
        }
    }

    private String answered(String line) throws IOException {
        try {
            return Json.write(done(Json.read(line)));
        } catch (Exception | StackOverflowError | OutOfMemoryError fault) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("error", fault.getClass().getSimpleName());
            said.put("said", told(fault));
            return Json.write(said);
        }
    }

    static String told(Throwable fault) {
        String message = fault.getMessage();
        if (message == null && fault.getCause() != null) return told(fault.getCause());
        return message == null ? "" : message.replaceAll("\\s+", " ").trim();
    }

    private Map<String, Object> done(Map<String, Object> ask) throws Exception {
        Map<String, Object> reply = new LinkedHashMap<>();
        String task = (String) ask.get("do");
        if (task.equals("validate")) {
            reply.put("said", validated((String) ask.get("xform")));
            return reply;
        }
        if (task.equals("load")) {
            Form form = new Form((String) ask.get("xform"), texts(ask.get("folders")));
            forms.put(++loaded, form);
            reply.put("form", loaded);
            reply.put("languages", form.languages());
            reply.put("root", form.def.getMainInstance().getRoot().getName());
            return reply;
        }
        if (task.equals("forget")) {
            forms.remove((Long) ask.get("form"));
            return reply;
        }
        Form form = forms.get((Long) ask.get("form"));
        Phone.open(form.folders);
        switch (task) {
            case "begin": begin(form, ask); break;
            case "answer": reply.put("verdicts", answered(form, ask)); break;
            case "holds": reply.put("holds", form.holds((String) ask.get("path"), (String) ask.get("answer"))); break;
            case "offered": reply.put("codes", form.offered(form.place((String) ask.get("path")))); break;
            case "evaluate": reply.put("value", form.evaluated((String) ask.get("path"), (String) ask.get("expression"))); break;
            case "settle": form.settle(); break;
            case "report": reply.put("nodes", form.report(truth(ask, "choices"), truth(ask, "labels"))); break;
            case "finish": finish(form, reply); break;
            case "interviews": reply.put("interviews", interviews(form, ask)); break;
            case "walk": reply.put("interviews", walked(form, ask)); break;
            default: throw new IllegalArgumentException(task);
        }
        return reply;
    }

    private static void begin(Form form, Map<String, Object> ask) {
        if (ask.get("now") != null) form.now = new Date((Long) ask.get("now"));
        if (ask.get("id") != null) form.id = (String) ask.get("id");
        if (ask.get("seed") != null) MathUtils.getRand().setSeed((Long) ask.get("seed"));
        form.begin((String) ask.get("language"));
    }

    private static List<Object> answered(Form form, Map<String, Object> ask) throws Exception {
        List<Object> verdicts = new ArrayList<>();
        boolean enter = truth(ask, "enter");
        for (Object each : list(ask.get("answers"))) {
            List<Object> pair = list(each);
            String path = (String) pair.get(0);
            String text = (String) pair.get(1);
            verdicts.add(enter ? form.enter(path, text) : form.force(path, text));
        }
        return verdicts;
    }

    /** Ends the interview: the answers as they are sent, and the first thing that is not right. */
    private static void finish(Form form, Map<String, Object> reply) throws IOException {
        ValidateOutcome outcome = form.def.validate(true);
        boolean required = outcome != null && outcome.outcome == FormEntryController.ANSWER_REQUIRED_BUT_EMPTY;
        form.def.postProcessInstance();
        reply.put("stopped", outcome == null ? null : Form.path(form.node(outcome.failedPrompt.getReference())));
        reply.put("why", outcome == null ? null : required ? "required" : "constraint");
        reply.put("xml", sent(form));
    }

    private static String sent(Form form) throws IOException {
        byte[] bytes = new XFormSerializingVisitor().serializeInstance(form.def.getMainInstance());
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Whole interviews at once: of each, its answers in, and a report of all nodes. */
    private static List<Object> interviews(Form form, Map<String, Object> ask) throws Exception {
        List<Object> reports = new ArrayList<>();
        for (Object answers : list(ask.get("interviews"))) {
            begin(form, ask);
            Map<String, Object> one = new HashMap<>(ask);
            one.put("answers", answers);
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("verdicts", answered(form, one));
            form.settle();
            form.refresh();
            report.put("nodes", form.report(truth(ask, "choices"), truth(ask, "labels")));
            reports.add(report);
        }
        return reports;
    }

    private static List<Object> walked(Form form, Map<String, Object> ask) throws Exception {
        List<Object> interviews = new ArrayList<>();
        long first = (Long) ask.get("first");
        for (long number = first; number < first + (Long) ask.get("interviews"); number++) {
            long seed = mixed((Long) ask.get("seed") * 1_000_003L + number);
            MathUtils.getRand().setSeed(seed);
            begin(form, ask);
            Walk walk = new Walk(form, ask, seed);
            walk.walk();
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("asked", walk.asked());
            one.put("stuck", walk.stuck());
            one.put("why", walk.why());
            if (truth(ask, "nodes") && !walk.failed()) one.put("stale", stale(form));
            if (truth(ask, "nodes") && !walk.failed()) one.put("nodes", form.report(truth(ask, "choices"), false));
            if (truth(ask, "xml")) {
                form.def.postProcessInstance();
                one.put("xml", sent(form));
            }
            interviews.add(one);
        }
        return interviews;
    }

    /** Works everything out once more; the places whose values were not up to date. */
    private static List<Object> stale(Form form) {
        Map<String, String> before = form.values();
        form.refresh();
        List<Object> changed = new ArrayList<>();
        for (Map.Entry<String, String> now : form.values().entrySet()) {
            if (!now.getValue().equals(before.get(now.getKey()))) changed.add(now.getKey());
        }
        return changed;
    }

    /** A seed far from those of its neighbours, which java.util.Random would begin alike (Stafford, mix 13). */
    private static long mixed(long seed) {
        long z = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** What ODK Validate says of an XForm. */
    private static List<Object> validated(String xml) {
        ReferenceManager.instance().reset();
        List<Object> said = new ArrayList<>();
        new FormValidator().setErrorListener(new ErrorListener() {
            public void error(Object words) { said.add(String.valueOf(words)); }
            public void error(Object words, Throwable fault) { said.add(words + "\n" + fault); }
            public void info(Object words) { said.add(String.valueOf(words)); }
        }).validate(xml.getBytes(StandardCharsets.UTF_8));
        return said;
    }

    private static boolean truth(Map<String, Object> ask, String name) {
        return Boolean.TRUE.equals(ask.get(name));
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object value) {
        return value == null ? Collections.emptyList() : (List<Object>) value;
    }

    private static List<String> texts(Object value) {
        List<String> found = new ArrayList<>();
        for (Object each : list(value)) found.add((String) each);
        return found;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return value == null ? Collections.emptyMap() : (Map<String, Object>) value;
    }
}

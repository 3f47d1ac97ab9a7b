import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.GroupDef;
import org.javarosa.core.model.IFormElement;
import org.javarosa.core.model.QuestionDef;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.MultipleItemsData;
import org.javarosa.core.model.data.SelectMultiData;
import org.javarosa.core.model.data.SelectOneData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.FormInstance;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormAnswerDataSerializer;
import org.javarosa.xform.util.XFormUtils;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;

/**
 * A form, and the one interview that is being held with it.
 *
 * The form is read once. Each interview starts from a copy of its empty answers, so that the
 * next begins in a few milliseconds. A place is written /data/roster[2]/age: only repeats
 * carry a position, and where it is missing, the first is meant.
 */
final class Form {
    final FormDef def;
    final List<String> folders;
    Date now = new Date();
    String id = "uuid:00000000-0000-4000-8000-000000000000";
    private final FormInstance blank;
    private final Map<String, List<IFormElement>> chains = new HashMap<>();
    private final Map<String, List<Integer>> indexes = new HashMap<>();

    Form(String xml, List<String> folders) throws Exception {
        this.folders = folders;
        Phone.open(folders);
        def = XFormUtils.getFormFromInputStream(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        blank = def.getMainInstance().clone();
        def.addFunctionHandler(new Phone.PullData(folders));
        for (String kind : new String[] {"date", "timestamp", "uid"}) {
            def.getPreloader().addPreloadHandler(new Phone.Preload(kind, this));
        }
        chain(def, new ArrayList<>(), new ArrayList<>());
    }

    /** Begins an interview; whatever was answered before is gone. */
    void begin(String language) {
        FormInstance fresh = blank.clone();
        def.setInstance(fresh);
        def.initialize(true, new InstanceInitializationFactory());
        if (language != null && def.getLocalizer() != null && def.getLocalizer().hasLocale(language)) {
            def.getLocalizer().setLocale(language);
        }
    }

    List<Object> languages() {
        return def.getLocalizer() == null ? new ArrayList<>()
            : new ArrayList<>(Arrays.asList(def.getLocalizer().getAvailableLocales()));
    }

    /** Where every control stands in the body, by the path that it is bound to. */
    private void chain(IFormElement parent, List<IFormElement> above, List<Integer> positions) {
        if (parent.getChildren() == null) return;
        for (int i = 0; i < parent.getChildren().size(); i++) {
            IFormElement child = parent.getChildren().get(i);
            List<IFormElement> elements = new ArrayList<>(above);
            List<Integer> steps = new ArrayList<>(positions);
            elements.add(child);
            steps.add(i);
            boolean group = child instanceof GroupDef;
            if (!group || ((GroupDef) child).getRepeat()) {
                String path = FormInstance.unpackReference(child.getBind()).genericize().toString(false);
                chains.putIfAbsent(path, elements);
                indexes.putIfAbsent(path, steps);
            }
            chain(child, elements, steps);
        }
    }

    /** The index of a question or of a row of a repeat; null where nothing in the body shows it. */
    FormIndex indexOf(TreeReference place) {
        String path = place.genericize().toString(false);
        List<IFormElement> elements = chains.get(path);
        if (elements == null) return null;
        List<Integer> rows = new ArrayList<>();
        for (IFormElement element : elements) {
            boolean repeat = element instanceof GroupDef && ((GroupDef) element).getRepeat();
            int depth = repeat ? FormInstance.unpackReference(element.getBind()).size() - 1 : -1;
            rows.add(repeat ? Math.max(place.getMultiplicity(depth), 0) : -1);
        }
        return def.buildIndex(indexes.get(path), rows, elements);
    }

    /** The place of a question; rows of a repeat that are missing before it are made. */
    TreeReference place(String text) throws Exception {
        TreeReference place = TreeReference.rootRef();
        for (String step : text.substring(1).split("/")) {
            int open = step.indexOf('[');
            String name = open < 0 ? step : step.substring(0, open);
            int row = open < 0 ? 0 : Integer.parseInt(step.substring(open + 1, step.length() - 1)) - 1;
            for (int before = 0; before <= row; before++) {
                TreeReference one = place.clone();
                one.add(name, before);
                if (def.getMainInstance().resolveReference(one) != null) continue;
                FormIndex at = indexOf(one);
                if (at == null) throw new NoSuchElementException("no place " + text + " in this form");
                def.createNewRepeat(at);
            }
            place.add(name, row);
        }
        return place;
    }

    TreeElement node(TreeReference place) { return def.getMainInstance().resolveReference(place); }

    /** /data/roster[2]/age: with the position where, and only where, a step is a repeat. */
    static String path(TreeElement node) {
        StringBuilder path = new StringBuilder();
        for (TreeElement at = node; at != null && at.getName() != null; at = (TreeElement) at.getParent()) {
            String step = "/" + at.getName() + (at.isRepeatable() ? "[" + (at.getMult() + 1) + "]" : "");
            path.insert(0, step);
        }
        return path.toString();
    }

    /** An answer as the control of its question would hold it; null where it is blank. */
    IAnswerData answer(TreeReference place, String text) {
        if (text == null || text.isEmpty()) return null;
        FormIndex at = indexOf(place);
        QuestionDef question = at == null ? null : (QuestionDef) def.getChild(at);
        int control = question == null ? Constants.CONTROL_UNTYPED : question.getControlType();
        switch (control) {
            case Constants.CONTROL_SELECT_ONE:
                return new SelectOneData(new Selection(text));
            case Constants.CONTROL_SELECT_MULTI:
                return new SelectMultiData(selections(text));
            case Constants.CONTROL_RANK:
                return new MultipleItemsData(selections(text));
            case Constants.CONTROL_TRIGGER:
                return new StringData(text);
            default:
                return XFormAnswerDataParser.getAnswerData(text, node(place).getDataType(), question);
        }
    }

    private static List<Selection> selections(String text) {
        List<Selection> chosen = new ArrayList<>();
        for (String code : text.trim().split("\\s+")) chosen.add(new Selection(code));
        return chosen;
    }

    static String text(IAnswerData value) {
        return value == null ? "" : String.valueOf(new XFormAnswerDataSerializer().serializeAnswerData(value));
    }

    /** Puts an answer in, whatever the form thinks of it. */
    String force(String path, String text) throws Exception {
        TreeReference place = place(path);
        IAnswerData answer = answer(place, text);
        if (answer == null && text != null && !text.isEmpty()) return "unreadable";
        def.setValue(answer, place, node(place), true);
        return "ok";
    }

    /** Puts an answer in as an enumerator can: only where it is asked, offered and allowed. */
    String enter(String path, String text) throws Exception {
        TreeReference place = place(path);
        TreeElement node = node(place);
        if (!node.isRelevant()) return "not asked";
        IAnswerData answer = answer(place, text);
        if (answer == null && text != null && !text.isEmpty()) return "unreadable";
        if (answer == null && node.isRequired()) return "required";
        if (answer instanceof SelectOneData || answer instanceof MultipleItemsData) {
            List<String> offered = offered(place);
            for (String code : text.trim().split("\\s+")) {
                if (offered != null && !offered.contains(code)) return "not offered";
            }
        }
        if (!def.evaluateConstraint(place, answer)) return "refused";
        def.setValue(answer, place, node, true);
        return "ok";
    }

    boolean holds(String path, String text) throws Exception {
        TreeReference place = place(path);
        return def.evaluateConstraint(place, answer(place, text));
    }

    /** Codes of the choices on offer, in their order; null where the question has none. */
    List<String> offered(TreeReference place) {
        FormIndex at = indexOf(place);
        if (at == null || !(def.getChild(at) instanceof QuestionDef)) return null;
        FormEntryPrompt prompt = new FormEntryPrompt(def, at);
        List<SelectChoice> choices = choices(prompt);
        if (choices == null) return null;
        List<String> codes = new ArrayList<>();
        for (SelectChoice choice : choices) codes.add(choice.getValue());
        return codes;
    }

    static List<SelectChoice> choices(FormEntryPrompt prompt) {
        switch (prompt.getControlType()) {
            case Constants.CONTROL_SELECT_ONE:
            case Constants.CONTROL_SELECT_MULTI:
            case Constants.CONTROL_RANK:
                return prompt.getSelectChoices();
            default:
                return null;
        }
    }

    /** Whether something in the body of the form shows a node. */
    private boolean shown(TreeElement node) {
        return chains.containsKey(node.getRef().genericize().toString(false));
    }

    /** Goes through the form without an answer, so that repeats get the rows that their count says. */
    void settle() {
        FormEntryController phone = new FormEntryController(new FormEntryModel(def));
        while (phone.stepToNextEvent() != FormEntryController.EVENT_END_OF_FORM) continue;
    }

    /** Works everything out once more, as a phone does when it opens a form that was saved. */
    void refresh() {
        def.initialize(false, new InstanceInitializationFactory());
    }

    /** The values of all leaves, in the order of the form. */
    Map<String, String> values() {
        Map<String, String> found = new LinkedHashMap<>();
        values(def.getMainInstance().getRoot(), found);
        return found;
    }

    private static void values(TreeElement parent, Map<String, String> found) {
        for (int i = 0; i < parent.getNumChildren(); i++) {
            TreeElement node = parent.getChildAt(i);
            if (node.getMult() == TreeReference.INDEX_TEMPLATE) continue;
            if (node.getNumChildren() == 0) found.put(path(node), text(node.getValue()));
            else values(node, found);
        }
    }

    /**
     * Every node: path, kind (question, data where nothing shows it, group, repeat), relevant, value, whether its constraint holds (null without one or
     * without an answer), required, read only, codes on offer or null, label or null.
     *
     * Choices come last: JavaRosa takes an answer out of a question when it finds, on listing
     * the choices, that it is no longer among them.
     */
    List<Object> report(boolean withChoices, boolean withLabels) {
        List<Object> rows = new ArrayList<>();
        List<TreeElement> leaves = new ArrayList<>();
        gather(def.getMainInstance().getRoot(), rows, leaves);
        for (int i = 0; i < leaves.size() && (withChoices || withLabels); i++) {
            if (leaves.get(i) == null || !leaves.get(i).isRelevant()) continue;
            @SuppressWarnings("unchecked") List<Object> row = (List<Object>) rows.get(i);
            TreeReference place = leaves.get(i).getRef();
            if (withLabels) row.set(8, label(place));
            if (withChoices) row.set(7, offered(place));
        }
        return rows;
    }

    private void gather(TreeElement parent, List<Object> rows, List<TreeElement> leaves) {
        for (int i = 0; i < parent.getNumChildren(); i++) {
            TreeElement node = parent.getChildAt(i);
            if (node.getMult() == TreeReference.INDEX_TEMPLATE) continue;
            boolean leaf = node.getNumChildren() == 0;
            IAnswerData value = leaf ? node.getValue() : null;
            Boolean holds = value != null && node.getConstraint() != null
                ? (Boolean) def.evaluateConstraint(node.getRef(), value) : null;
            String kind = !leaf ? (node.isRepeatable() ? "repeat" : "group") : shown(node) ? "question" : "data";
            rows.add(new ArrayList<>(Arrays.asList(path(node), kind, node.isRelevant(), text(value), holds,
                node.isRequired(), !node.isEnabled(), null, null)));
            leaves.add(leaf ? node : null);
            if (!leaf) gather(node, rows, leaves);
        }
    }

    String label(TreeReference place) {
        FormIndex at = indexOf(place);
        if (at == null || !(def.getChild(at) instanceof QuestionDef)) return null;
        try {
            return new FormEntryPrompt(def, at).getQuestionText();
        } catch (NoSuchElementException without) {
            return null;
        }
    }

    /** The kind and the value of an expression at a place. */
    List<Object> evaluated(String context, String expression) throws Exception {
        TreeReference at = place(context);
        EvaluationContext here = new EvaluationContext(def.getEvaluationContext(), at);
        Object value = XPathFuncExpr.unpack(XPathParseTool.parseXPath(expression).eval(def.getMainInstance(), here));
        if (value instanceof Double) return Arrays.asList("number", String.valueOf(value));
        if (value instanceof Boolean) return Arrays.asList("truth", String.valueOf(value));
        if (value instanceof Date) return Arrays.asList("moment", String.valueOf(((Date) value).getTime()));
        return Arrays.asList("text", String.valueOf(value));
    }
}

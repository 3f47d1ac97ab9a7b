import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.javarosa.core.model.*;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.data.*;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.*;
import org.javarosa.core.reference.*;
import org.javarosa.core.services.*;
import org.javarosa.core.services.properties.IPropertyRules;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.form.api.*;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xpath.*;
import org.javarosa.xpath.expr.*;
import org.javarosa.xform.util.XFormUtils;

/**
 * Puts answers into a form and asks JavaRosa what its expressions are worth.
 *
 * Reads commands from standard input, one a line, fields separated by tabs, and writes one
 * line for each that asks something:
 *   new                              begins an interview
 *   set REF TYPE ANSWER              answers; REF as /data/roster[2]/age, made if it is not there
 *   eval CONTEXT EXPRESSION          kind and value: number, text, truth, moment or error
 *   nodes                            ref, relevant, value for every question, then a full stop
 *   constraint REF TYPE ANSWER       whether the answer may stand
 *   offered REF                      codes of the choices on offer
 */
public class Probe {
    static FormDef form;

    public static void main(String[] arguments) throws Exception {
        new JavaRosaCoreModule().registerModule();
        new XFormsModule().registerModule();
        PropertyManager.setPropertyManager(new Nothing());
        String path = arguments[0];
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        String line;
        while ((line = in.readLine()) != null) {
            String[] field = line.split("\t", -1);
            switch (field[0]) {
                case "new":
                    form = XFormUtils.getFormFromFormXml(path, null);
                    form.initialize(true, new InstanceInitializationFactory());
                    break;
                case "set":
                    TreeReference at = reference(field[1]);
                    form.setValue(answer(field[2], field[3]), at, form.getMainInstance().resolveReference(at), true);
                    break;
                case "eval":
                    out.println(evaluated(field[1], field[2]));
                    break;
                case "nodes":
                    nodes(form.getMainInstance().getRoot(), out);
                    out.println(".");
                    break;
                case "constraint":
                    out.println(form.evaluateConstraint(reference(field[1]), answer(field[2], field[3])));
                    break;
                case "offered":
                    out.println(offered(reference(field[1])));
                    break;
                default:
                    throw new IllegalArgumentException(field[0]);
            }
        }
        out.flush();
    }

    static IAnswerData answer(String type, String text) {
        if (text.isEmpty()) return null;
        UncastData raw = new UncastData(text);
        switch (type) {
            case "int": return new IntegerData().cast(raw);
            case "decimal": return new DecimalData().cast(raw);
            case "date": return new DateData().cast(raw);
            case "dateTime": return new DateTimeData().cast(raw);
            case "time": return new TimeData().cast(raw);
            case "select1": return new SelectOneData(new Selection(text));
            case "select":
                List<Selection> chosen = new ArrayList<>();
                for (String code : text.split(" ")) chosen.add(new Selection(code));
                return new SelectMultiData(chosen);
            default: return new StringData(text);
        }
    }

    /** The place of a question; rows of a repeat that are missing are made. */
    static TreeReference reference(String text) throws Exception {
        TreeReference place = TreeReference.rootRef();
        String[] steps = text.substring(1).split("/");
        for (int i = 0; i < steps.length; i++) {
            int open = steps[i].indexOf('[');
            String name = open < 0 ? steps[i] : steps[i].substring(0, open);
            int row = open < 0 ? 0 : Integer.parseInt(steps[i].substring(open + 1, steps[i].length() - 1)) - 1;
            for (int before = 0; open >= 0 && before <= row; before++) {
                TreeReference one = place.clone();
                one.add(name, before);
                if (form.getMainInstance().resolveReference(one) == null) form.createNewRepeat(indexOf(one));
            }
            place.add(name, row);
        }
        return place;
    }

    static FormIndex indexOf(TreeReference place) {
        FormEntryModel model = new FormEntryModel(form);
        FormIndex index = FormIndex.createBeginningOfFormIndex();
        while (true) {
            index = model.incrementIndex(index, true);
            if (index.isEndOfFormIndex()) throw new IllegalStateException("no place for " + place);
            if (place.equals(index.getReference())) return index;
        }
    }

    static String evaluated(String context, String expression) throws Exception {
        TreeReference at = reference(context);
        try {
            EvaluationContext here = new EvaluationContext(form.getEvaluationContext(), at);
            Object value = XPathFuncExpr.unpack(XPathParseTool.parseXPath(expression).eval(form.getMainInstance(), here));
            if (value instanceof Double) return "number\t" + value;
            if (value instanceof Boolean) return "truth\t" + value;
            if (value instanceof Date) return "moment\t" + ((Date) value).getTime();
            return "text\t" + value;
        } catch (RuntimeException | org.javarosa.xpath.parser.XPathSyntaxException fault) {
            return "error\t" + String.valueOf(fault.getMessage()).replaceAll("\\s+", " ");
        }
    }

    static void nodes(TreeElement element, PrintStream out) {
        for (int i = 0; i < element.getNumChildren(); i++) {
            TreeElement child = element.getChildAt(i);
            if (child.getMult() == TreeReference.INDEX_TEMPLATE) continue;
            boolean leaf = child.getNumChildren() == 0;
            IAnswerData value = child.getValue();
            String text = value == null ? "" : String.valueOf(
                new org.javarosa.xform.util.XFormAnswerDataSerializer().serializeAnswerData(value));
            out.println(child.getRef().toString(true) + "\t" + child.isRelevant() + "\t" + (leaf ? text : ""));
            nodes(child, out);
        }
    }

    static String offered(TreeReference place) {
        FormEntryPrompt prompt = new FormEntryPrompt(form, indexOf(place));
        StringJoiner codes = new StringJoiner(" ");
        for (SelectChoice choice : prompt.getSelectChoices()) codes.add(choice.getValue());
        return codes.toString();
    }

    static class Nothing implements IPropertyManager {
        public List<String> getProperty(String name) { return null; }
        public void setProperty(String name, String value) { }
        public void setProperty(String name, List<String> value) { }
        public String getSingularProperty(String name) { return "device"; }
        public void addRules(IPropertyRules rules) { }
        public List<IPropertyRules> getRules() { return new ArrayList<>(); }
    }
}

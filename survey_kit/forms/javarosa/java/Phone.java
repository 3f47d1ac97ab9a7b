import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.javarosa.core.model.actions.setgeopoint.SetGeopointActionHandler;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.condition.IFunctionHandler;
import org.javarosa.core.model.data.DateData;
import org.javarosa.core.model.data.DateTimeData;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.utils.IPreloadHandler;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceFactory;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.services.IPropertyManager;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.services.properties.IPropertyRules;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.parse.XFormParser;
import org.javarosa.xpath.expr.XPathFuncExpr;
import org.opendatakit.validate.StubSetGeopointActionHandler;

/** What JavaRosa asks of the device around it: who and when it is, its files, `pulldata`. */
final class Phone {
    private Phone() { }

    static void switchOn() {
        new JavaRosaCoreModule().registerModule();
        new XFormsModule().registerModule();
        PrototypeManager.registerPrototype("org.opendatakit.validate.StubSetGeopointAction");
        XFormParser.registerActionHandler(
            SetGeopointActionHandler.ELEMENT_NAME, new StubSetGeopointActionHandler());
    }

    /** Makes folders those in which the files of a form lie. */
    static void open(List<String> folders) {
        ReferenceManager.instance().reset();
        ReferenceManager.instance().addReferenceFactory(new Folders(folders));
        PropertyManager.setPropertyManager(new Owner());
    }

    /** Answers "device" to whatever is asked of phone and user. */
    static final class Owner implements IPropertyManager {
        public List<String> getProperty(String name) { return null; }
        public void setProperty(String name, String value) { }
        public void setProperty(String name, List<String> value) { }
        public String getSingularProperty(String name) { return "device"; }
        public void addRules(IPropertyRules rules) { }
        public List<IPropertyRules> getRules() { return new ArrayList<>(); }
    }

    /** The metadata that JavaRosa fills in, at a moment and under an id that are given. */
    static final class Preload implements IPreloadHandler {
        private final String kind;
        private final Form form;

        Preload(String kind, Form form) {
            this.kind = kind;
            this.form = form;
        }

        public String preloadHandled() { return kind; }

        public IAnswerData handlePreload(String what) {
            if (kind.equals("uid")) return new StringData(form.id);
            if (kind.equals("date")) return what.equals("today") ? new DateData(form.now) : null;
            return what.equals("start") ? new DateTimeData(form.now) : null;
        }

        public boolean handlePostProcess(TreeElement node, String what) {
            if (!kind.equals("timestamp") || !what.equals("end")) return false;
            node.setAnswer(new DateTimeData(new Date(form.now.getTime())));
            return true;
        }
    }

    /** The file of that name in the first folder that has it; null where none has. */
    static Path found(List<String> folders, String name) {
        for (String folder : folders) {
            Path path = Paths.get(folder, name);
            if (Files.isRegularFile(path)) return path;
        }
        return null;
    }

    /** jr://file/x, jr://file-csv/x, jr://images/x: all are the file x of the form's folders. */
    private static final class Folders implements ReferenceFactory {
        private final List<String> folders;

        Folders(List<String> folders) { this.folders = folders; }

        public boolean derives(String uri) { return true; }

        public Reference derive(String uri) { return new Attached(folders, uri); }

        public Reference derive(String uri, String context) { return new Attached(folders, uri); }
    }

    private static final class Attached implements Reference {
        private final String uri;
        private final Path path;

        Attached(List<String> folders, String uri) {
            this.uri = uri;
            this.path = found(folders, uri.substring(uri.lastIndexOf('/') + 1));
        }

        public boolean doesBinaryExist() { return path != null; }

        public InputStream getStream() throws IOException {
            if (!doesBinaryExist()) throw new FileNotFoundException(uri);
            return Files.newInputStream(path);
        }

        public String getURI() { return uri; }
        public String getLocalURI() { return path == null ? uri : path.toString(); }
        public boolean isReadOnly() { return true; }
        public OutputStream getOutputStream() throws IOException { throw new IOException(uri); }
        public void remove() { }
        public Reference[] probeAlternativeReferences() { return new Reference[0]; }
    }

    /** `pulldata(file, column, key column, key)`: the cell of the first row that has the key. */
    static final class PullData implements IFunctionHandler {
        private final List<String> folders;
        private final Map<String, List<List<String>>> tables = new HashMap<>();

        PullData(List<String> folders) { this.folders = folders; }

        public String getName() { return "pulldata"; }
        public List<Class[]> getPrototypes() { return new ArrayList<>(); }
        public boolean rawArgs() { return true; }
        public boolean realTime() { return false; }

        public Object eval(Object[] arguments, EvaluationContext context) {
            List<List<String>> table = tables.computeIfAbsent(text(arguments[0]), this::table);
            if (arguments.length < 4 || table.isEmpty()) return "";
            int wanted = column(table.get(0), text(arguments[1]));
            int keys = column(table.get(0), text(arguments[2]));
            String key = text(arguments[3]);
            for (List<String> row : table.subList(1, table.size())) {
                if (keys >= 0 && keys < row.size() && row.get(keys).equals(key)) {
                    return wanted >= 0 && wanted < row.size() ? row.get(wanted) : "";
                }
            }
            return "";
        }

        private static String text(Object value) { return XPathFuncExpr.toString(value); }

        private static int column(List<String> header, String name) {
            for (int i = 0; i < header.size(); i++) {
                if (header.get(i).trim().toLowerCase(Locale.ROOT).equals(name.trim().toLowerCase(Locale.ROOT))) return i;
            }
            return -1;
        }

        private List<List<String>> table(String name) {
            List<List<String>> rows = new ArrayList<>();
            Path path = found(folders, name.endsWith(".csv") ? name : name + ".csv");
            if (path == null) return rows;
            try {
                String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
                rows.addAll(cells(text.startsWith("\ufeff") ? text.substring(1) : text));
            } catch (IOException missing) {
                return rows;
            }
            return rows;
        }

        private static List<List<String>> cells(String text) {
            List<List<String>> rows = new ArrayList<>();
            List<String> row = new ArrayList<>();
            StringBuilder cell = new StringBuilder();
            boolean quoted = false;
            for (int i = 0; i < text.length(); i++) {
                char letter = text.charAt(i);
                if (quoted && letter == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else if (letter == '"') quoted = !quoted;
                else if (!quoted && (letter == ',' || letter == '\n')) {
                    row.add(cell.toString());
                    cell.setLength(0);
                    if (letter == '\n') {
                        rows.add(row);
                        row = new ArrayList<>();
                    }
                } else if (quoted || letter != '\r') cell.append(letter);
            }
            if (cell.length() > 0 || !row.isEmpty()) {
                row.add(cell.toString());
                rows.add(row);
            }
            return rows;
        }
    }
}

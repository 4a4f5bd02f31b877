import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.derby.drda.NetworkServerControl;

/** Apache Derby as a Db2: the functions that Db2 has and Derby lacks, and a journal. */
public class StandIn {

    /** Arguments: port, script. Creates the database MYDB, runs the script, serves until ended. */
    public static void main(String[] arguments) throws Exception {
        String address = "jdbc:derby:MYDB;create=true;user=app;password=app";
        try (Connection connection = DriverManager.getConnection(address);
                Statement statement = connection.createStatement()) {
            String script = new String(Files.readAllBytes(Paths.get(arguments[1])), "UTF-8");
            for (String each : script.replaceAll("(?m)^--.*$", "").split(";\\s*\n")) {
                if (!each.trim().isEmpty()) {
                    statement.execute(each);
                }
            }
        }
        int port = Integer.parseInt(arguments[0]);
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        new NetworkServerControl(loopback, port).start(new PrintWriter(System.out, true));
        Thread.currentThread().join();
    }

    // What Derby says of a type, such as "DECIMAL(9,2) NOT NULL", in the words of QSYS2.SYSCOLUMNS

    private static final Pattern TYPE = Pattern.compile("([A-Z]+)[^(]*(?:\\((\\d+)(?:,(\\d+))?\\))?.*");

    private static String group(String type, int number) {
        Matcher matcher = TYPE.matcher(type);
        return matcher.matches() ? matcher.group(number) : null;
    }

    public static String typeWord(String type) {
        String word = group(type, 1);
        return word.equals("TIMESTAMP") ? "TIMESTMP" : word;
    }

    public static Integer typeLength(String type) {
        String length = group(type, 2);
        return length == null ? 0 : Integer.valueOf(length);
    }

    public static Integer typeScale(String type) {
        String scale = group(type, 3);
        return scale == null ? 0 : Integer.valueOf(scale);
    }

    public static Integer isBitData(String type) {
        return type.contains("FOR BIT DATA") ? 1 : 0;
    }

    // Functions

    public static String varcharFormat(java.sql.Timestamp stamp, String format) {
        String pattern = format.replace("YYYY-MM-DD HH24:MI:SS.NNNNNN", "yyyy-MM-dd HH:mm:ss.SSSSSS");
        return stamp == null ? null : stamp.toLocalDateTime().format(DateTimeFormatter.ofPattern(pattern));
    }

    public static String hex(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        StringBuilder digits = new StringBuilder();
        for (byte each : bytes) {
            digits.append(String.format("%02X", each));
        }
        return digits.toString();
    }

    /** CAST(bytes AS CHAR(n) CCSID ccsid). */
    public static String fromPage(byte[] bytes, int ccsid) throws Exception {
        return bytes == null ? null : new String(bytes, page(ccsid));
    }

    /** CAST(CAST(text AS CHAR(n) CCSID ccsid) AS CHAR(n) FOR BIT DATA), padded as CHAR is. */
    public static byte[] toPage(String text, int ccsid, int length) throws Exception {
        if (text == null) {
            return null;
        }
        return String.format("%-" + length + "s", text).getBytes(page(ccsid));
    }

    private static Charset page(int ccsid) {
        return Charset.forName(String.format("Cp%03d", ccsid));
    }

    // The journal: entries in the order of their receivers, from one on

    public static ResultSet displayJournal(
            String journalLibrary,
            String journalName,
            String receiverLibrary,
            String receiverName,
            java.math.BigDecimal sequence,
            String codes,
            String objectLibrary,
            String objectName,
            String objectType,
            String member)
            throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:default:connection");
        PreparedStatement refused =
                connection.prepareStatement("SELECT 1 FROM STANDIN.REFUSED WHERE LIBRARY = ?");
        refused.setString(1, journalLibrary);
        if (refused.executeQuery().next()) {
            throw new SQLException("CPF9802 Not authorized to receiver " + receiverName, "38501");
        }
        PreparedStatement place = connection.prepareStatement(
                "SELECT PLACE FROM STANDIN.RECEIVERS WHERE JOURNAL_LIBRARY = ? AND JOURNAL_NAME = ? "
                        + "AND LIBRARY = ? AND NAME = ?");
        place.setString(1, journalLibrary);
        place.setString(2, journalName);
        place.setString(3, receiverLibrary);
        place.setString(4, receiverName);
        ResultSet found = place.executeQuery();
        if (!found.next()) {
            throw new SQLException("receiver " + receiverName + " not found", "38501");
        }
        int from = found.getInt(1);
        PreparedStatement entries = connection.prepareStatement(
                "SELECT e.SEQ, e.CODE, e.TYPE, e.RRN, e.CYCLE, r.LIBRARY, r.NAME "
                        + "FROM STANDIN.ENTRIES e JOIN STANDIN.RECEIVERS r ON r.NAME = e.RECEIVER "
                        + "WHERE (r.PLACE > ? OR (r.PLACE = ? AND e.SEQ >= ?)) "
                        + "AND (CAST(? AS VARCHAR(20)) IS NULL OR LOCATE(e.CODE, CAST(? AS VARCHAR(20))) > 0) "
                        + "AND (CAST(? AS VARCHAR(10)) IS NULL OR (e.OBJECT_LIBRARY = ? AND e.OBJECT_NAME = ?)) "
                        + "ORDER BY r.PLACE, e.SEQ");
        entries.setInt(1, from);
        entries.setInt(2, from);
        entries.setBigDecimal(3, sequence);
        entries.setString(4, codes);
        entries.setString(5, codes);
        entries.setString(6, objectName);
        entries.setString(7, objectLibrary);
        entries.setString(8, objectName);
        return entries.executeQuery();
    }

    public static ResultSet objectStatistics(String library, String type, String name)
            throws SQLException {
        PreparedStatement journaled = DriverManager.getConnection("jdbc:default:connection")
                .prepareStatement("SELECT 'YES', JOURNAL_LIBRARY, JOURNAL_NAME FROM STANDIN.JOURNALED "
                        + "WHERE LIBRARY = ? AND FILE = ?");
        journaled.setString(1, library);
        journaled.setString(2, name);
        return journaled.executeQuery();
    }
}

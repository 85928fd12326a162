namespace Verb.Architecture.Tests.Docker;

/// <summary>
/// Reads the part of YAML that our files keep to, and refuses the rest: block mappings and lists, flow lists and <c>{}</c>, quoted and plain
/// scalars, literal blocks, anchors with <c>&lt;&lt;</c>. Mappings are dictionaries, lists are lists, scalars are texts.
/// </summary>
internal sealed class PlainYaml
{
    private readonly List<(int Indent, string Text)> _lines = [];
    private readonly Dictionary<string, object> _anchors = [];
    private int _at;

    private PlainYaml(IEnumerable<string> lines) => _lines.AddRange(lines.Select(line => (line.Length - line.TrimStart().Length, line.TrimEnd())));

    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<Dictionary<string, object>> Read(string text)
    {
        List<List<string>> documents = [[]];
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimEnd() == "---")
                documents.Add([]);
            else
                documents[^1].Add(line);
        }

        return [.. documents.Select(lines => new PlainYaml(lines)).Where(yaml => yaml.More()).Select(yaml => yaml.Document())];
    }

    private Dictionary<string, object> Document()
    {
        var document = (Dictionary<string, object>)Block(0);
        return More() ? throw Refused("stands further left or right than what it belongs to") : document;
    }

    /// <summary>Goes to the next line that says something.</summary>
    private bool More()
    {
        while (_at < _lines.Count && (_lines[_at].Text.Length == 0 || _lines[_at].Text.TrimStart()[0] == '#'))
            _at++;
        return _at < _lines.Count;
    }

    private object Block(int indent) => _lines[_at].Text[indent..].StartsWith("- ", StringComparison.Ordinal) ? Items(indent) : Mapping(indent);

    private List<object> Items(int indent)
    {
        List<object> items = [];
        while (More() && _lines[_at].Indent == indent && _lines[_at].Text[indent..].StartsWith("- ", StringComparison.Ordinal))
        {
            var item = _lines[_at].Text[(indent + 2)..];
            if (Colon(item) < 0)
            {
                _at++;
                items.Add(Scalar(item));
                continue;
            }

            // A mapping in a list begins on the line of its dash.
            _lines[_at] = (indent + 2, new string(' ', indent + 2) + item);
            items.Add(Mapping(indent + 2));
        }

        return items;
    }

    private Dictionary<string, object> Mapping(int indent)
    {
        Dictionary<string, object> mapping = [];
        while (More() && _lines[_at].Indent == indent)
        {
            var line = _lines[_at].Text[indent..];
            var colon = Colon(line);
            if (colon < 0)
                throw Refused("is no key with a value");
            var (key, rest) = ((string)Scalar(line[..colon]), Uncommented(line[(colon + 1)..]));
            _at++;
            if (key == "<<")
                foreach (var (name, value) in (Dictionary<string, object>)_anchors[rest[1..]])
                    mapping.TryAdd(name, value);
            else
                mapping[key] = Value(indent, rest);
        }

        return More() && _lines[_at].Indent > indent ? throw Refused("stands too far right") : mapping;
    }

    private object Value(int indent, string rest)
    {
        var anchor = rest.StartsWith('&') ? rest[1..] : null;
        if (rest == "|")
            return Literal(indent);
        if (rest.Length > 0 && anchor is null)
            return Scalar(rest);
        if (!More() || _lines[_at].Indent < indent || (_lines[_at].Indent == indent && !_lines[_at].Text.TrimStart().StartsWith("- ", StringComparison.Ordinal)))
            throw Refused("follows a key without a value");
        var value = Block(_lines[_at].Indent);
        if (anchor is not null)
            _anchors.Add(anchor, value);
        return value;
    }

    private string Literal(int indent)
    {
        var begin = _at;
        while (_at < _lines.Count && (_lines[_at].Text.Length == 0 || _lines[_at].Indent > indent))
            _at++;
        return string.Join('\n', _lines[begin.._at].Select(line => line.Text));
    }

    private object Scalar(string text)
    {
        text = Uncommented(text);
        if (text == "{}")
            return new Dictionary<string, object>();
        if (text.StartsWith('[') && text.EndsWith(']'))
            return text[1..^1].Split(',').Select(item => Scalar(item)).ToList();
        if (text.StartsWith('*'))
            return _anchors[text[1..]];
        if (text.Length > 1 && text[0] is '"' or '\'')
            return text[^1] == text[0] ? text[1..^1] : throw Refused("has no closing quote");
        return text.Length > 0 && "{[&!|>%@`".Contains(text[0], StringComparison.Ordinal) ? throw Refused("is more than this reader knows") : text;
    }

    private static string Uncommented(string text)
    {
        text = text.Trim();
        var comment = text.Length > 0 && text[0] is '"' or '\'' ? -1 : text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment].TrimEnd();
    }

    /// <summary>The colon after a key; -1 where there is none.</summary>
    private static int Colon(string text)
    {
        if (text.StartsWith('"'))
            return text.IndexOf("\":", StringComparison.Ordinal) is >= 0 and var quoted ? quoted + 1 : -1;
        if (text.StartsWith('['))
            return -1;
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon >= 0 ? colon : text.EndsWith(':') ? text.Length - 1 : -1;
    }

    private FormatException Refused(string why) => new($"'{(_at < _lines.Count ? _lines[_at].Text : "the end")}' {why}.");
}

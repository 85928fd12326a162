using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Verb.Contracts;

/// <summary>
/// The fields of one JSON object, found in one pass and read on demand. A reading that fails leaves its refusal in
/// <see cref="Error"/>; the first one stays.
/// </summary>
internal ref struct FieldReader
{
    private readonly ReadOnlySpan<byte> _json;
    private Slots _slots;

    private FieldReader(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>What was wrong with the first field that could not be read, naming it; null so far.</summary>
    public string? Error { get; private set; }

    /// <summary>Finds the fields of <paramref name="json"/>, which must be exactly one object.</summary>
    /// <exception cref="JsonException">Not JSON, deeper than 64 levels, or with something after the object.</exception>
    public static FieldReader Scan(ReadOnlySpan<byte> json, out bool isObject)
    {
        var fields = new FieldReader(json);
        var reader = new Utf8JsonReader(json);
        isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
        if (isObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && fields.TryAdd(ref reader))
            {
                // One field after the other.
            }
        }
        else
        {
            reader.Skip();
        }

        while (reader.Read())
        {
            // Whatever stands behind the value makes the reader throw.
        }

        return fields;
    }

    /// <summary>Finds the fields that stand whole at the beginning of an object; what comes behind them may be cut off, or no JSON.</summary>
    public static FieldReader ScanBeginning(ReadOnlySpan<byte> json)
    {
        var fields = new FieldReader(json);
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return fields;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && fields.TryAdd(ref reader))
            {
                // One field after the other.
            }
        }
        catch (JsonException)
        {
            // What was found before stays.
        }

        return fields;
    }

    public readonly bool Has(Field field) => _slots[(int)field].Kind is not (JsonTokenType.None or JsonTokenType.Null);

    /// <summary>The field's JSON as it came; empty where it is missing.</summary>
    public readonly ReadOnlySpan<byte> Raw(Field field)
    {
        var slot = _slots[(int)field];
        return _json.Slice(slot.Start, slot.Length);
    }

    /// <summary>A field that must be there, any JSON value (null too), copied out of the frame.</summary>
    public ReadOnlyMemory<byte> RequiredJson(Field field)
    {
        if (_slots[(int)field].Kind == JsonTokenType.None)
            Fail(field, "is missing");
        return Raw(field).ToArray();
    }

    public string? Text(Field field)
    {
        if (!Has(field))
            return null;
        if (_slots[(int)field].Kind == JsonTokenType.String)
        {
            var reader = new Utf8JsonReader(Raw(field));
            reader.Read();
            try
            {
                return reader.GetString();
            }
            catch (InvalidOperationException)
            {
                // An escaped lone surrogate: valid JSON, no valid text.
            }
        }

        Fail(field, "must be a string of valid text");
        return null;
    }

    public string RequiredText(Field field)
    {
        if (!Has(field))
            Fail(field, "is missing");
        return Text(field) ?? "";
    }

    public string? Label(Field field)
    {
        var text = Text(field);
        if (text is not null && !Identifier.IsLabel(text))
            Fail(field, "must be 1 to 64 characters without control characters");
        return text;
    }

    public string RequiredLabel(Field field)
    {
        if (!Has(field))
            Fail(field, "is missing");
        return Label(field) ?? "";
    }

    public string? NameOrNull(Field field)
    {
        var text = Text(field);
        if (text is null || Identifier.IsName(text))
            return text;
        Fail(field, $"must be {Identifier.NameRule}");
        return null;
    }

    public TopicName Topic(Field field)
    {
        if (RequiredName(field) is not { } name)
            return default;
        if (!TopicName.TryParse(name, out var topic))
            Fail(field, $"must be {Identifier.NameRule}");
        return topic;
    }

    public RoomId? RoomOrNull(Field field) => NameOrNull(field) is { } name ? new RoomId(name) : null;

    public RoomId Room() => RequiredName(Field.RoomId) is { } name ? new RoomId(name) : default;

    public string? RequiredName(Field field)
    {
        if (!Has(field))
            Fail(field, "is missing");
        return NameOrNull(field);
    }

    public bool Flag(Field field)
    {
        if (Has(field) && _slots[(int)field].Kind is not (JsonTokenType.True or JsonTokenType.False))
            Fail(field, "must be true or false");
        return _slots[(int)field].Kind == JsonTokenType.True;
    }

    public long? Integer(Field field, long least, long most)
    {
        if (!Has(field))
            return null;
        if (_slots[(int)field].Kind == JsonTokenType.Number)
        {
            var reader = new Utf8JsonReader(Raw(field));
            reader.Read();
            if (reader.TryGetInt64(out var value) && value >= least && value <= most)
                return value;
        }

        Fail(field, most == long.MaxValue ? $"must be a whole number from {least}" : $"must be a whole number from {least} to {most}");
        return null;
    }

    public long RequiredInteger(Field field, long least, long most)
    {
        if (!Has(field))
            Fail(field, "is missing");
        return Integer(field, least, most) ?? least;
    }

    /// <summary>A number as it came; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Number(Field field)
    {
        if (!Has(field))
            return default;
        if (_slots[(int)field].Kind != JsonTokenType.Number)
            Fail(field, "must be a number");
        return Raw(field).ToArray();
    }

    public Position? Position(Field field)
    {
        if (!Has(field))
            return null;
        if (_slots[(int)field].Kind != JsonTokenType.StartObject)
        {
            Fail(field, "must be an object {epoch, seq}");
            return null;
        }

        var inner = Scan(Raw(field), out _);
        var epoch = inner.RequiredLabel(Field.Epoch);
        var seq = inner.RequiredInteger(Field.Seq, 0, long.MaxValue);
        if (inner.Error is null)
            return new Position(epoch, seq);
        Error ??= $"In '{FieldNames.Name(field)}': {inner.Error}";
        return null;
    }

    public void Fail(Field field, string problem) => Error ??= $"The field '{FieldNames.Name(field)}' {problem}.";

    /// <summary>False where the field's value is cut off.</summary>
    private bool TryAdd(ref Utf8JsonReader reader)
    {
        var field = Find(ref reader);
        if (!reader.Read())
            return false;
        var start = (int)reader.TokenStartIndex;
        var kind = reader.TokenType;
        if (!reader.TrySkip())
            return false;
        if (field == Field.Unknown)
            return true;
        ref var slot = ref _slots[(int)field];
        if (slot.Kind != JsonTokenType.None)
            Fail(field, "appears twice");
        slot = new Slot(start, (int)reader.BytesConsumed - start, kind);
        return true;
    }

    private static Field Find(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.IsEmpty ? Field.Unknown : FieldNames.Find(reader.ValueSpan);
        try
        {
            return FieldNames.Find(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return Field.Unknown; // An escaped lone surrogate names none of ours.
        }
    }

    private readonly record struct Slot(int Start, int Length, JsonTokenType Kind);

    [InlineArray((int)Field.Count)]
    private struct Slots
    {
        private Slot _first;
    }
}

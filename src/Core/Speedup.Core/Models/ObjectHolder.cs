using System.Reflection;

namespace Speedup.Core.Models;

/// <summary>The fields of an object; of a class where there is none.</summary>
internal sealed class ObjectHolder(object? owner, FieldInfo[] fields) : StateHolder
{
    /// <inheritdoc/>
    public override IReadOnlyList<object?> Values { get; } = Array.ConvertAll(fields, field => field.GetValue(owner));

    /// <inheritdoc/>
    public override string NameOf(int index) => $"{fields[index].DeclaringType!.Name}.{NameOf(fields[index])}";

    /// <inheritdoc/>
    public override IReadOnlyList<object?> Read() => Array.ConvertAll(fields, field => field.GetValue(owner));

    /// <inheritdoc/>
    public override void Write()
    {
        for (int i = 0; i < fields.Length; i++)
        {
            if (!Structure.AreSame(fields[i].GetValue(owner), Values[i]))
                fields[i].SetValue(owner, Values[i]);
        }
    }

    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is var end and > 1
            ? field.Name[1..end]
            : field.Name;
}

namespace Speedup.Onnx.Graphs;

/// <summary>Names that are taken once each.</summary>
internal sealed class UniqueNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>A name like the wanted one that nobody has.</summary>
    public string Take(string wanted)
    {
        string name = wanted;
        for (int number = 2; !_taken.Add(name); number++)
            name = $"{wanted}_{number}";
        return name;
    }
}

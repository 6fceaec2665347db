namespace Speedup.Cli.Examples;

/// <summary>One example of NNI's documentation on model speedup.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Title">What was pruned, and how.</param>
/// <param name="Network">The network.</param>
/// <param name="DataName">Folder of its weights and masks.</param>
internal sealed record ExampleDefinition(string Name, string Title, NetworkDefinition Network, string DataName)
{
    private string DataDirectory => Path.Combine(AppContext.BaseDirectory, "Examples", "Data", DataName);

    /// <summary>The masks that ship with the tool, as NNI's pruner wrote them.</summary>
    public string MasksFile => Path.Combine(DataDirectory, "masks.pth");

    /// <summary>The weights that ship with the tool.</summary>
    public string WeightsFile => Path.Combine(DataDirectory, "model.pth");
}

using System.Diagnostics;
using SmallModels.Tests.Support;
using SmallNetworks;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace SmallModels.Tests;

/// <summary>All networks made small and saved, with their outputs, and what a new process without plugins says of the files.</summary>
public sealed class SavedNetworks : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SavedNetworks()
    {
        foreach (SmallNetwork network in SmallNetworkCatalog.All)
            Save(network);
        Lines = Load();
    }

    /// <summary>What the process has printed: a name and a word on each line.</summary>
    public IReadOnlyDictionary<string, string> Lines { get; }

    public void Dispose() => _folder.Dispose();

    private void Save(SmallNetwork network)
    {
        using nn.Module model = Engine.MakeSmall(network);
        SmallModel.Save(model, _folder.File($"{network.Name}.speedup"));
        using var outputs = new StateDict();
        foreach ((int index, Tensor output) in network.RunAll(model).Index())
            outputs.Add($"output{index}", output);
        StateDictFile.Save(outputs, _folder.File($"{network.Name}.safetensors"));
    }

    private Dictionary<string, string> Load()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "SmallNetworks.dll");
        var start = new ProcessStartInfo("dotnet", [program, _folder.Path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The process returned {process.ExitCode}:\n{output}{error.Result}");
        return output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim().Split(' ', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
    }
}

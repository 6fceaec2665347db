using SmallModels.Tests.Support;
using SmallNetworks;
using Speedup.Core.CodeWriting;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace SmallModels.Tests.CodeWriting;

/// <summary>All networks made small and written in both languages, with what they compute.</summary>
public sealed class WrittenNetworks : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, IReadOnlyList<Tensor>> _outputs = [];
    private readonly Dictionary<string, string> _refusals = [];

    public WrittenNetworks()
    {
        foreach (SmallNetwork network in CodeNetworks.All)
            Write(CodeNetworks.WithMoreInputs(network));
    }

    /// <summary>The folder of the files.</summary>
    public string Folder => _folder.Path;

    /// <summary>What each small model said, call by call.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Tensor>> Outputs => _outputs;

    /// <summary>Why files were not written, by their names.</summary>
    public IReadOnlyDictionary<string, string> Refusals => _refusals;

    /// <summary>The name of a network's class.</summary>
    public static string ClassOf(SmallNetwork network) => network.Name.Replace('-', '_');

    public void Dispose()
    {
        foreach (Tensor output in _outputs.Values.SelectMany(outputs => outputs))
            output.Dispose();
        _folder.Dispose();
    }

    private void Write(SmallNetwork network)
    {
        using var scope = NewDisposeScope();
        using nn.Module model = Engine.MakeSmall(network);
        IReadOnlyList<Tensor[]> inputs = network.Draw();
        foreach (string extension in new[] { ".cs", ".py" })
            TryWrite(model, inputs[0], ClassOf(network) + extension);
        _outputs[network.Name] = [.. network.RunAll(model).Select(output => output.DetachFromDisposeScope())];
        int at = 0;
        foreach ((int number, Tensor[] call) in inputs.Index())
        {
            int count = network.Run(model, call).Count;
            using var content = new StateDict();
            foreach ((int index, Tensor input) in call.Index())
                content.Add($"input{index}", input.clone());
            foreach ((int index, Tensor output) in _outputs[network.Name].Skip(at).Take(count).Index())
                content.Add($"output{index}", output.clone());
            at += count;
            StateDictFile.Save(content, _folder.File($"{ClassOf(network)}.case{number}.pth"));
        }
    }

    private void TryWrite(nn.Module model, Tensor[] example, string name)
    {
        try
        {
            SmallModel.WriteCode(model, example, _folder.File(name));
        }
        catch (CodeException refusal)
        {
            _refusals[name] = refusal.Message;
        }
    }
}

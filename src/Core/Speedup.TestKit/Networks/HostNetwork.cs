using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit.Networks;

/// <summary>
/// The network around the subject: a masked layer before each of its inputs, so that constant channels enter, and one behind each of
/// its outputs, so that some are not read.
/// </summary>
internal sealed class HostNetwork : nn.Module
{
    /// <summary>Path of the subject.</summary>
    public const string SubjectPath = "subject";

    /// <summary>Start of the paths of the layers before it.</summary>
    public const string SourcePath = "source";

    /// <summary>Start of the paths of the layers behind it.</summary>
    public const string SinkPath = "sink";

    private readonly ChannelMix?[] _sources;
    private readonly nn.Module? _subject;
    private readonly ChannelMix?[] _sinks;
    private readonly SubjectCall _call;

    public HostNetwork(IEnumerable<ChannelMix?> sources, nn.Module? subject, IEnumerable<ChannelMix?> sinks, SubjectCall call)
        : base(nameof(HostNetwork))
    {
        _sources = [.. sources];
        _subject = subject;
        _sinks = [.. sinks];
        _call = call;
        for (int p = 0; p < _sources.Length; p++)
            Register(Invariant($"{SourcePath}{p}"), _sources[p]);
        Register(SubjectPath, subject);
        for (int q = 0; q < _sinks.Length; q++)
            Register(Invariant($"{SinkPath}{q}"), _sinks[q]);
    }

    /// <summary>The layers before the inputs; null where indices enter.</summary>
    public IReadOnlyList<ChannelMix?> Sources => _sources;

    /// <summary>The module under test; null where a function is tested.</summary>
    public nn.Module? Subject => _subject;

    /// <summary>The layers behind the outputs; null behind an output without axes.</summary>
    public IReadOnlyList<ChannelMix?> Sinks => _sinks;

    public Tensor[] forward(Tensor first) => Run([first]);

    public Tensor[] forward(Tensor first, Tensor second) => Run([first, second]);

    public Tensor[] forward(Tensor first, Tensor second, Tensor third) => Run([first, second, third]);

    public Tensor[] forward(Tensor first, Tensor second, Tensor third, Tensor fourth) => Run([first, second, third, fourth]);

    /// <summary>The forward pass, from the inputs of the network.</summary>
    public Tensor[] Run(Tensor[] inputs) => ReadOutputs(CallSubject(MakeSubjectInputs(inputs)));

    /// <summary>What the subject is given.</summary>
    public Tensor[] MakeSubjectInputs(Tensor[] inputs)
    {
        var middle = new Tensor[inputs.Length];
        for (int p = 0; p < inputs.Length; p++)
            middle[p] = _sources[p] is { } source ? source.forward(inputs[p]) : inputs[p];
        return middle;
    }

    /// <summary>What the subject makes of it.</summary>
    public Tensor[] CallSubject(Tensor[] middle) => _call(_subject, middle);

    /// <summary>What the network makes of that.</summary>
    public Tensor[] ReadOutputs(Tensor[] outputs)
    {
        var results = new Tensor[outputs.Length];
        for (int q = 0; q < outputs.Length; q++)
            results[q] = _sinks[q] is { } sink ? sink.forward(outputs[q]) : outputs[q];
        return results;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private void Register(string name, nn.Module? module)
    {
        if (module is not null)
            register_module(name, module);
    }
}

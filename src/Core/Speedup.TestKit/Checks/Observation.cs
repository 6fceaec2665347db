using Speedup.TestKit.Networks;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>One pass through the masked network.</summary>
/// <param name="Inputs">What the subject was given.</param>
/// <param name="Outputs">What it made of it.</param>
/// <param name="Results">The outputs of the network.</param>
internal sealed record Observation(IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Outputs, IReadOnlyList<Tensor> Results)
{
    /// <summary>Runs the network.</summary>
    public static Observation Of(HostNetwork network, Tensor[] inputs) => From(network, network.MakeSubjectInputs(inputs));

    /// <summary>Runs the network from the subject on.</summary>
    public static Observation From(HostNetwork network, IReadOnlyList<Tensor> subjectInputs)
    {
        Tensor[] outputs = network.CallSubject([.. subjectInputs.Select(input => input.clone())]); // it may work in place
        Tensor[] kept = [.. outputs.Select(output => output.clone())];
        return new Observation(subjectInputs, kept, network.ReadOutputs(outputs));
    }
}

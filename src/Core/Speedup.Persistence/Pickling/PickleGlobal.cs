namespace Speedup.Persistence.Pickling;

/// <summary>The global names that a pickle may use. Each is only a token: nothing is looked up, called or created by name.</summary>
internal enum PickleGlobal
{
    RebuildTensor,
    RebuildParameter,
    OrderedDict,
    DefaultDict,
    Dict,
    StorageType,
}
